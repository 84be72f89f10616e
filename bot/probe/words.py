"""Words for what a probe found, and what to do when a recorder does not do it."""

from bot.doctor.findings import Finding, Subject
from nvr_client.errors import (
    AccessRefused,
    CameraOffline,
    NoSpace,
    NotAllowed,
    NothingRecorded,
    NotSupported,
    NotTrusted,
    NoVideoPort,
    RecorderError,
    Silent,
    TooSlow,
    Unreachable,
)
from nvr_client.settings import RecorderSettings

VENDOR_NAMES = {"hikvision": "Hikvision (ISAPI)", "dahua": "Dahua/KBVision (CGI)", "onvif": "ONVIF"}
WAY_NAMES = {
    "picture": "ảnh của đầu ghi",
    "proxy": "ảnh qua đầu ghi tới camera",
    "key-frame": "khung hình RTSP",
}
PROBLEM_NAMES = {
    "TooSlow": "quá chậm",
    "Silent": "không trả lời",
    "NotSupported": "không hỗ trợ",
    "AccessRefused": "bị từ chối",
    "NotAllowed": "thiếu quyền",
    "LoginBlocked": "bị từ chối",
    "CameraOffline": "camera mất tín hiệu",
    "NoVideoPort": "cổng RTSP không trả lời",
    "Busy": "đầu ghi bận",
    "BadAnswer": "trả lời sai",
}


def not_reached(
    subject: Subject, error: RecorderError, settings: RecorderSettings, *, blocked: bool
) -> Finding:
    """The finding where a recorder lets us ask nothing at all."""
    where = f"{settings.host}:{settings.http_port}"
    match error:
        case AccessRefused() if blocked:
            return subject.wrong(
                f"{where} từ chối tên hoặc mật khẩu (đã thử đúng một lần)",
                "xem lại tên và mật khẩu rồi chạy lại; đừng thử đi thử lại, đầu ghi sẽ khóa tài khoản",
            )
        case NotAllowed():
            return subject.wrong(
                f"{where} nhận mật khẩu, nhưng tài khoản thiếu quyền",
                "cấp cho tài khoản quyền xem trực tiếp, xem lại và xem cấu hình",
            )
        case NotTrusted():
            return subject.wrong(
                f"{where} có chứng chỉ chưa được tin"
                if settings.tls_sha256 is None
                else f"{where} có chứng chỉ khác với --tls-sha256",
                "xem mã SHA-256 của chứng chỉ trên chính đầu ghi rồi chỉ ra bằng --tls-sha256",
            )
        case AccessRefused():
            return subject.wrong(
                f"{where} đang khóa tài khoản hoặc địa chỉ của máy này",
                "đợi 30 phút cho hết khóa rồi mới thử lại",
            )
        case Silent() | TooSlow():
            return subject.wrong(
                f"{where} nhận kết nối nhưng không trả lời",
                "xem --http-port có phải cổng web không; nếu đúng thì khởi động lại đầu ghi",
            )
        case Unreachable():
            return subject.wrong(
                f"không tới được {where}",
                "xem nguồn điện, dây mạng của đầu ghi, địa chỉ và --http-port",
            )
        case NotSupported():
            return subject.wrong(
                f"{where} không nói ngôn ngữ nào mà Trực Cam biết",
                "bật ISAPI, CGI hoặc ONVIF trên đầu ghi; xem --http-port; thử --https",
            )
    return _strange(subject, error)


def failed(subject: Subject, error: RecorderError) -> Finding:
    """The finding where one thing could not be asked of a recorder that answers otherwise."""
    match error:
        case AccessRefused():
            return subject.wrong(
                "tài khoản thiếu quyền", "cấp cho tài khoản quyền xem trực tiếp, xem lại và xem cấu hình"
            )
        case NotSupported():
            return subject.note("đầu ghi này không cho biết", "xem trên màn hình của đầu ghi")
        case CameraOffline():
            return subject.wrong("camera mất tín hiệu", "xem nguồn và dây mạng của camera")
        case NothingRecorded():
            return subject.wrong("không có đoạn ghi nào", "xem lịch ghi và ổ cứng của đầu ghi")
        case NoVideoPort():
            return subject.wrong(
                "cổng RTSP không trả lời", "xem --rtsp-port và mục RTSP trong cấu hình mạng của đầu ghi"
            )
        case NoSpace():
            return subject.wrong("ổ đĩa của máy này không ghi được", "dọn bớt thư mục tạm của máy này")
        case Unreachable():
            return subject.wrong(
                "đầu ghi không trả lời kịp", "thử lại sau ít phút; nếu vẫn vậy, xem mạng và tải của đầu ghi"
            )
    return _strange(subject, error)


def _strange(subject: Subject, error: RecorderError) -> Finding:
    return subject.wrong(
        f"đầu ghi trả lời khác thường ({type(error).__name__})",
        "chạy lại với -o diagnostics.json và gửi tệp ấy kèm báo lỗi",
    )
