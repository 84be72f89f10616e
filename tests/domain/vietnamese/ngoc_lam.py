"""The thirty positions of the school, as its staff call them."""

from domain.cameras import Camera

_ROWS = """
C01|Cổng chính|cong chinh, cổng trường, cổng, gate, main gate|Cổng|Tổ bảo vệ
C02|Cổng phụ|cổng sau, side gate|Cổng|Tổ bảo vệ
C03|Nhà xe học sinh|nhà xe HS, bike|Nhà xe|Tổ bảo vệ
C04|Nhà xe giáo viên|nx gv|Nhà xe|Tổ bảo vệ
C05|Sân trường – cột cờ|sân cột cờ, yard|Sân|Tổ bảo vệ
C06|Sân trường – sân khấu|sk|Sân|Tổ bảo vệ
C07|Sân thể dục|sân td, field|Sân|Tổ TD
C08|Chốt bảo vệ||Cổng|Tổ bảo vệ
C09|Sảnh nhà A|sanh a, lobby|Nhà A|Văn phòng
C10|Hành lang tầng 1 nhà A|hl t1 a, A1|Nhà A|Tổ bảo vệ
C11|Hành lang tầng 2 nhà A||Nhà A|Tổ bảo vệ
C12|Hành lang tầng 3 nhà A||Nhà A|Tổ bảo vệ
C13|Hành lang tầng 1 nhà B||Nhà B|Tổ bảo vệ
C14|Hành lang tầng 2 nhà B|hl t2 b, B2|Nhà B|Tổ bảo vệ
C15|Hành lang tầng 3 nhà B||Nhà B|Tổ bảo vệ
C16|Cầu thang nhà A|ct a, stairs A|Nhà A|Tổ bảo vệ
C17|Cầu thang nhà B||Nhà B|Tổ bảo vệ
C18|Cầu nối A–B|nhà cầu|Nhà B|Tổ bảo vệ
C19|Cửa phòng hội đồng|phd|Nhà A|Văn phòng
C20|Phòng tin học 1|tin 1, lab1|Phòng chức năng|Tổ Tin
C21|Phòng tin học 2||Phòng chức năng|Tổ Tin
C22|Phòng thí nghiệm KHTN|ptn, lab|Phòng chức năng|Thiết bị
C23|Thư viện|tv, library|Phòng chức năng|Thư viện
C24|Kho thiết bị|kho|Phòng chức năng|Thiết bị
C25|Nhà đa năng|nđn, gym|Phòng chức năng|Tổ TD
C26|Bếp bán trú|bếp, kitchen|Bán trú|Bán trú
C27|Nhà ăn|canteen|Bán trú|Bán trú
C28|Hành lang hành chính – kế toán|hc|Nhà A|Văn phòng
C29|Phòng máy chủ, đầu ghi|server|Nhà A|CNTT
C30|Tường rào sau|hàng rào, fence|Cổng|Tổ bảo vệ
""".strip()


def _camera(row: str) -> Camera:
    code, name, aliases, area, owner = row.split("|")
    return Camera(
        code=code,
        name=name,
        recorder="dau-ghi-1",
        channel=int(code[1:]),
        aliases=tuple(alias.strip() for alias in aliases.split(",") if alias.strip()),
        area=area,
        owner=owner,
        teaching_area=code in {"C20", "C21", "C22"},
    )


CAMERAS = tuple(_camera(row) for row in _ROWS.splitlines())
