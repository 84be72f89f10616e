"""Words the grammar knows, in folded spelling (no marks, lower case)."""

NUMBERS = {
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "tu": 4,
    "nam": 5,
    "lam": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
}

GRAMMAR_WORDS = frozenset(
    """
    mot hai ba bon tu nam lam sau bay tam chin muoi nua ruoi kem hon
    gio phut giay tieng ngay thang tuan hom bua nay qua kia mai thu chu nhat nhut vua roi truoc
    sang trua chieu toi dem khuya rang buoi som luc vao tu den cho khoang chung gan trong vong keo dai suot
    cach day tiet giua va chuyen ra choi giai lao chao co truy bai dau cuoi tan hoc truong lop sinh hoat
    ram mung mong am lich moi ban khi hoi tien het ve
    cam camera may ca tat toan bo chup anh hinh quay clip video doan ghi xem lai tua trich xuat cat truc tiep
    yeu cau xin phep nhe nhu giup em anh chi thay co bac chu da vang nho hoi voi duoc khong them cai
    bao danh nhau xo xat bat nat tai nan chay mat trom la trang thai tinh hoat dong tin hieu luu tru con
    tro huong dan cach dung lenh nga do vi
    hn hq cn so nhanh nhi oi ad mau gap no tro di hoac thieu gi
    live mo hien coi nhin view look snapshot snap picture photo of the show me send record open all
    help please ly de muc dich bi xe do
    pls plz gium dum hum wa qa hqua hnay chiu rc nghe nghen phat vs with
    yesterday today from to until till at on in about around before after am pm break period
    ago minutes mins hours
    morning noon afternoon evening night monday tuesday wednesday thursday friday saturday sunday last this
    accident an au be ben biet binh bleeding boc boi bot bung cac can cang cao cap cay cham chan
    chap chat che check chua chui cong cung cuu dam dang dao dap dat dc dien doa doc doi du duoi
    duong duyet era file gas gay gia giang giao giat giu go gui hanh hiem ho hoai hong hs hu hung
    hut ing injured ket khai khan khoa khoi kiem kieu kinh ko ky lac lag lang lau lay lech len leo
    li lieu loi lon ma mang menu minh mua nao ngap ngat ngo ngoai ngung nguoi nguy nha nhan nhay
    nhieu nhoe nhung noi non nuoc om oto pha phai pham phim phong playback rao ri ro rot rut sai san
    sao song status stolen su tac tay te thoai thuc thui thuoc thuong toc tong tot tra trai tre treo
    tron trung tuong tuy tuyen un viec vien viet vo vu xi xiu xoa xoay xong
    khac thay canh gach nien nut nghi luong ranh cu kha cung ong tran bat
    ran khet quet ruou quay dien mui
    nham lon quen mam xom sua doi dung nua hay them lui som muon tre ngoai tru loi phai la tieu tai hop cham
    om sot benh tre nghi thieu phat ha nang lanh dep vui hay lam that tap hen moi
    room pic pics buc tuc thoi xuong nhap nhay keu bip chut mong
    chet van nhom tri vay trac hieu ro tuyet voi truc du vet nau ngu
    man fire smoke fight fighting hurt blood stranger working offline online how is now
    """.split()  # noqa: SIM905 - a page of words reads better than a column of quotes
)
"""Words that raw Telex or VNI typing is undone to."""

NOT_MEANT = frozenset(
    (
        "tôi",
        "tội",
        "quá",
        "quà",
        "đem",
        "đếm",
        "công",
        "sàn",
        "sạn",
        "khó",
        "khô",
        "khổ",
        "tự",
        "tín",
        "tâm",
        "bây",
        "ạ",
        "quậy",
        "quấy",
        "quầy",
    )
)
"""Words whose marks tell them from a word of time or place that folds to the same letters."""

NOT_MEANT_RAW = frozenset({"tooi", "to6i", "coong", "co6ng", "baay", "ba6y", "taam", "ta6m"})
"""The same, in raw Telex and VNI."""

SHORT_FORMS = {
    "trc": "truoc",
    "trk": "truoc",
    "bjo": "bay gio",
    "bgio": "bay gio",
    "bh": "bay gio",
    "ntn": "nhu the nao",
}
"""Short forms that stand for whole words wherever they stand."""

SPLIT_BEFORE_NUMBER = frozenset({"tang", "tin", "lab", "cam", "camera", "tiet", "thu", "ngay", "lau"})
"""Words that people write together with the number after them: "tiet2", "cam5"."""
