/// One series as it was sold, with the engine that most of its buyers took.
struct Series {
    /// World manufacturer identifier of the plant.
    let wmi: String
    let make: String
    let name: String
    let modelYears: ClosedRange<Int>
    let energy: Energy
    /// As buyers say it: `1.5T`, `DM-i`.
    let engine: String
    let displacementMl: Int
    /// Of the traction battery, 0 where there is none that counts.
    let batteryWh: Int
    let guidePriceYuan: ClosedRange<Int>
    let purposes: Set<Purpose>
    let seats: Int
    /// Two digits in the number of the vehicle.
    var code = "00"

    init(
        _ wmi: String,
        _ make: String,
        _ name: String,
        _ modelYears: ClosedRange<Int>,
        _ energy: Energy,
        _ engine: String,
        ml displacementMl: Int = 0,
        wh batteryWh: Int = 0,
        yuan guidePriceYuan: ClosedRange<Int>,
        _ purposes: Set<Purpose>,
        seats: Int = 5
    ) {
        self.wmi = wmi
        self.make = make
        self.name = name
        self.modelYears = modelYears
        self.energy = energy
        self.engine = engine
        self.displacementMl = displacementMl
        self.batteryWh = batteryWh
        self.guidePriceYuan = guidePriceYuan
        self.purposes = purposes
        self.seats = seats
    }
}

/// What buyers take a series for.
enum Purpose {
    case family
    case company
    case rental
    case rideHailing
    case taxi
    case van
}

enum Catalog {
    /// Codes follow the order of the table: a new series goes to its end, or every number after it changes.
    static let all: [Series] = table.enumerated().map { index, series in
        var series = series
        series.code = String(decoding: VehicleNumber.digits(index + 1, count: 2), as: UTF8.self)
        return series
    }

    static let trims = ["舒适型", "豪华型", "尊贵型", "精英型", "领先型"]
    /// White and black several times: most cars are.
    static let colors = ["白色", "白色", "白色", "黑色", "黑色", "灰色", "灰色", "银色", "红色", "蓝色", "棕色"]

    /// What is still made has no last year.
    private static let open = 2100

    private static let family: Set<Purpose> = [.family]
    private static let familyOrCompany: Set<Purpose> = [.family, .company]
    private static let familyOrRental: Set<Purpose> = [.family, .rental]
    private static let hailing: Set<Purpose> = [.family, .rideHailing]
    private static let hailingOrTaxi: Set<Purpose> = [.family, .rideHailing, .taxi]

    /// Makes, series, years, engines and guide prices are rounded facts; every purpose has a series in every year.
    private static let table: [Series] =
        economy + middle + premium + newEnergy

    private static let economy = [
        Series("LB3", "吉利", "帝豪", 2014...open, .petrol, "1.5L", ml: 1498, yuan: 69_800...98_800, familyOrCompany),
        Series("LS5", "长安", "CS75", 2014...2019, .petrol, "1.8T", ml: 1798, yuan: 98_800...154_800, family),
        Series("LS5", "长安", "CS75 PLUS", 2020...open, .petrol, "1.5T", ml: 1494, yuan: 111_900...154_900, family),
        Series("LGW", "长城", "哈弗H6", 2014...open, .petrol, "1.5T", ml: 1497, yuan: 88_800...141_800, family),
        Series("LSV", "大众", "朗逸", 2014...2017, .petrol, "1.6L", ml: 1598, yuan: 109_900...149_700, familyOrRental),
        Series("LSV", "大众", "朗逸", 2018...open, .petrol, "1.5L", ml: 1498, yuan: 99_900...145_900, familyOrRental),
        Series("LSV", "大众", "桑塔纳", 2014...2021, .petrol, "1.6L", ml: 1598, yuan: 84_900...123_800, [.company, .taxi]),
        Series("LFM", "丰田", "卡罗拉", 2014...2018, .petrol, "1.6L", ml: 1598, yuan: 107_800...152_800, familyOrRental),
        Series("LFM", "丰田", "卡罗拉", 2019...open, .petrol, "1.2T", ml: 1197, yuan: 109_800...142_800, familyOrRental),
        Series("LVH", "本田", "思域", 2016...open, .petrol, "1.5T", ml: 1498, yuan: 129_900...169_900, family),
        Series("LGB", "日产", "轩逸", 2014...open, .petrol, "1.6L", ml: 1598, yuan: 99_800...143_000, familyOrRental),
        Series("LSG", "别克", "英朗", 2015...2023, .petrol, "1.5L", ml: 1498, yuan: 109_900...153_900, familyOrRental),
        Series("LZW", "五菱", "宏光", 2014...open, .petrol, "1.5L", ml: 1485, yuan: 44_800...69_800, [.van], seats: 7),
    ]

    private static let middle = [
        Series("LB3", "吉利", "星越L", 2021...open, .petrol, "2.0T", ml: 1969, yuan: 137_200...185_200, family),
        Series("LFV", "大众", "迈腾", 2014...open, .petrol, "2.0T", ml: 1984, yuan: 189_900...309_900, familyOrCompany),
        Series("LVG", "丰田", "凯美瑞", 2014...open, .petrol, "2.0L", ml: 1987, yuan: 179_800...239_800, familyOrCompany),
        Series("LHG", "本田", "雅阁", 2014...2017, .petrol, "2.0L", ml: 1997, yuan: 169_800...219_800, familyOrCompany),
        Series("LHG", "本田", "雅阁", 2018...open, .petrol, "1.5T", ml: 1498, yuan: 169_800...229_800, familyOrCompany),
        Series("LFM", "丰田", "卡罗拉双擎", 2016...open, .hybrid, "1.8L", ml: 1798, yuan: 139_800...175_800, hailing),
    ]

    private static let premium = [
        Series("LE4", "奔驰", "C级", 2015...2018, .petrol, "2.0T", ml: 1991, yuan: 314_800...428_000, family),
        Series("LE4", "奔驰", "C级", 2019...open, .petrol, "1.5T", ml: 1497, yuan: 308_600...388_000, family),
        Series("LBV", "宝马", "3系", 2014...open, .petrol, "2.0T", ml: 1998, yuan: 293_900...399_900, family),
        Series("LFV", "奥迪", "A4L", 2014...open, .petrol, "2.0T", ml: 1984, yuan: 299_800...401_800, family),
    ]

    private static let newEnergy = [
        plugIn("LGX", "比亚迪", "秦", 2014...2020, "1.5T DM", ml: 1497, wh: 13_000, yuan: 189_800...219_800, family),
        plugIn("LGX", "比亚迪", "秦PLUS", 2021...open, "DM-i", ml: 1498, wh: 8320, yuan: 99_800...145_800, hailing),
        plugIn("LGX", "比亚迪", "宋PLUS", 2021...open, "DM-i", ml: 1498, wh: 18_300, yuan: 154_800...201_800, family),
        electric("LC0", "比亚迪", "e6", 2014...2017, wh: 82_000, yuan: 309_800...369_800, [.rideHailing, .taxi]),
        electric("LGX", "比亚迪", "秦EV", 2016...2021, wh: 56_400, yuan: 139_900...189_900, hailingOrTaxi),
        electric("LB3", "吉利", "帝豪EV", 2016...2021, wh: 52_000, yuan: 135_800...155_800, hailing),
        electric("LC0", "比亚迪", "汉EV", 2020...open, wh: 76_900, yuan: 209_800...279_500, family),
        electric("LGX", "比亚迪", "秦PLUS EV", 2021...open, wh: 57_000, yuan: 129_800...166_800, hailingOrTaxi),
        electric("LRW", "特斯拉", "Model 3", 2020...open, wh: 60_000, yuan: 235_900...339_900, family),
        electric("LRW", "特斯拉", "Model Y", 2021...open, wh: 60_000, yuan: 258_900...363_900, family),
        electric("LZW", "五菱", "宏光MINIEV", 2020...open, wh: 13_900, yuan: 28_800...43_600, family, seats: 4),
    ]

    private static func plugIn(
        _ wmi: String,
        _ make: String,
        _ name: String,
        _ modelYears: ClosedRange<Int>,
        _ engine: String,
        ml: Int,
        wh: Int,
        yuan: ClosedRange<Int>,
        _ purposes: Set<Purpose>
    ) -> Series {
        Series(wmi, make, name, modelYears, .plugInHybrid, engine, ml: ml, wh: wh, yuan: yuan, purposes)
    }

    private static func electric(
        _ wmi: String,
        _ make: String,
        _ name: String,
        _ modelYears: ClosedRange<Int>,
        wh: Int,
        yuan: ClosedRange<Int>,
        _ purposes: Set<Purpose>,
        seats: Int = 5
    ) -> Series {
        Series(wmi, make, name, modelYears, .battery, "纯电动", wh: wh, yuan: yuan, purposes, seats: seats)
    }
}
