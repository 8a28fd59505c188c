import Core
import Listings
import Support

/// Listings as a market has them: few makes and places with many cars, many with few; a title and some sentences of
/// description each.
struct SearchLoad {
    static let cars = 1_000_000
    private static let makes = [
        "比亚迪", "大众", "丰田", "本田", "日产", "宝马", "奔驰", "奥迪", "吉利", "长安", "哈弗", "别克", "特斯拉", "福特", "奇瑞", "红旗", "五菱", "蔚来",
        "理想", "小鹏", "领克", "荣威", "名爵", "凯迪拉克", "雷克萨斯", "沃尔沃", "保时捷", "现代", "起亚", "马自达", "捷途", "坦克", "问界", "零跑", "极氪",
        "路虎", "林肯", "雪佛兰", "斯柯达", "标致",
    ]
    private static let syllables = Array("秦汉唐宋元朗逸轩思锐凯越途观帕萨迈腾速探雅阁飞度缤智奕泽雷凌卡罗拉逍客天籁星瑞帝豪博越")
    private static let sentences = [
        "一位车主，4S店保养，记录齐全。", "车况精品，内饰整洁无破损。", "全程高速上下班代步，公里数可查。", "支持第三方检测，支持分期。", "原版原漆，轮胎八成新。",
        "带全景天窗和倒车影像，配置很高。", "手续齐全，可提档过户，价格可谈。", "新车落地二十多万，现在性价比很高。", "女士一手车，爱护很好，随时看车。", "电池健康度良好，续航实测四百公里。",
    ]
    private static let energies = ["petrol", "petrol", "petrol", "battery", "plug_in_hybrid", "hybrid", "diesel"]
    private static let gearboxes = ["automatic", "automatic", "dual_clutch", "cvt", "manual", "single_speed"]
    private static let colors = ["白色", "白色", "黑色", "黑色", "灰色", "银色", "红色", "蓝色", "绿色", "棕色"]
    private static let stages = ["china_4", "china_5", "china_6a", "china_6b", "china_6b"]

    private var random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// The `place`-th listing that was published.
    mutating func entry(_ place: Int) -> SearchEntry {
        let make = skewed(Self.makes.count)
        let series = name(make * 12 + skewed(12))
        let (province, city) = (skewed(Province.allCases.count), skewed(12))
        let year = 2010 + number(16)
        let published = Instant(milliseconds: 1_760_000_000_000 + Int64(place) * 2000)
        let color = pick(Self.colors)
        let day = CalendarDate(year: year, month: 1 + number(12), day: 1)?.daysSinceEpoch ?? 0
        var values: [SearchDimension: [String]] = [
            .make: [Self.makes[make]], .series: [series], .energy: [pick(Self.energies)],
            .province: [Province.allCases[province].rawValue], .city: [name(9000 + province * 12 + city)],
            .gearbox: [pick(Self.gearboxes)], .color: [color], .emissionStage: [pick(Self.stages)],
            .year: ["\(year)"], .status: [number(20) == 0 ? "reserved" : "published"],
            .dealer: ["org_\(skewed(20_000))"], .features: features(),
        ]
        if number(3) == 0 { values[.grade] = ["\(1 + skewed(5))"] }
        let title = "\(year)款 \(Self.makes[make])\(series) 1.\(number(10))T \(color)"
        return SearchEntry(
            id: ListingID(at: published, using: &random),
            version: 2,
            values: values,
            totalFen: Int64(10_000 + skewed(500_000)) * 100,
            odometerKm: Int64(number(200_000)),
            registeredDay: Int64(day),
            publishedAt: published,
            head: [title, Self.makes[make] + series],
            body: (0..<4).map { _ in pick(Self.sentences) } + ["车架尾号\(number(1_000_000))"]
        )
    }

    private mutating func features() -> [String] {
        Feature.allCases.filter { _ in number(3) == 0 }.map(\.rawValue)
    }

    private func name(_ number: Int) -> String {
        let count = Self.syllables.count
        return String([Self.syllables[number % count], Self.syllables[number / count * 7 % count]])
    }

    private mutating func pick(_ words: [String]) -> String { words[number(words.count)] }

    private mutating func number(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

    /// Small numbers far more often than large ones.
    private mutating func skewed(_ count: Int) -> Int { number(number(count) + 1) }
}
