"""The thirty cameras of Trường THCS Ngọc Lâm, as the pretend recorder knows them."""

from datetime import time

from simulator.footage.view import Scene
from simulator.recorder.model import CameraModel, DailyGap

_PLACES: tuple[tuple[str, Scene], ...] = (
    ("Cổng chính", Scene.GATE),
    ("Cổng phụ", Scene.GATE),
    ("Nhà xe học sinh", Scene.BIKE_SHED),
    ("Nhà xe giáo viên", Scene.BIKE_SHED),
    ("Sân trường – cột cờ", Scene.YARD),
    ("Sân trường – sân khấu", Scene.STAGE),
    ("Sân thể dục", Scene.FIELD),
    ("Chốt bảo vệ", Scene.GUARD_POST),
    ("Sảnh nhà A", Scene.LOBBY),
    ("Hành lang tầng 1 nhà A", Scene.CORRIDOR),
    ("Hành lang tầng 2 nhà A", Scene.CORRIDOR),
    ("Hành lang tầng 3 nhà A", Scene.CORRIDOR),
    ("Hành lang tầng 1 nhà B", Scene.CORRIDOR),
    ("Hành lang tầng 2 nhà B", Scene.CORRIDOR),
    ("Hành lang tầng 3 nhà B", Scene.CORRIDOR),
    ("Cầu thang nhà A", Scene.STAIRS),
    ("Cầu thang nhà B", Scene.STAIRS),
    ("Cầu nối A–B", Scene.BRIDGE),
    ("Cửa phòng hội đồng", Scene.LOBBY),
    ("Phòng tin học 1", Scene.COMPUTER_ROOM),
    ("Phòng tin học 2", Scene.COMPUTER_ROOM),
    ("Phòng thí nghiệm KHTN", Scene.LABORATORY),
    ("Thư viện", Scene.LIBRARY),
    ("Kho thiết bị", Scene.STORE),
    ("Nhà đa năng", Scene.GYM),
    ("Bếp bán trú", Scene.KITCHEN),
    ("Nhà ăn", Scene.CANTEEN),
    ("Hành lang hành chính – kế toán", Scene.CORRIDOR),
    ("Phòng máy chủ, đầu ghi", Scene.SERVER_ROOM),
    ("Tường rào sau", Scene.FENCE),
)


def ngoc_lam_cameras() -> list[CameraModel]:
    """All thirty: C05 keeps only 11 days, C14 misses a quarter of an hour each Sunday, C30 is offline."""
    cameras = [
        CameraModel(number=number, code=f"C{number:02d}", name=name, scene=scene)
        for number, (name, scene) in enumerate(_PLACES, start=1)
    ]
    cameras[4].kept_days = 11
    cameras[13].daily_gaps = (DailyGap(time(2, 10), time(2, 25), weekday=6),)
    cameras[29].online = False
    return cameras
