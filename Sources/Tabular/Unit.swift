/// What a number in a table counts.
package enum Unit: String, Sendable, Hashable, CaseIterable {
    case yuan
    case tenThousandYuan = "wan_yuan"
    case kilometre = "km"
    case tenThousandKilometres = "wan_km"

    package enum Dimension: Sendable, Hashable {
        case money
        case distance
    }

    package var dimension: Dimension {
        switch self {
        case .yuan, .tenThousandYuan: .money
        case .kilometre, .tenThousandKilometres: .distance
        }
    }

    /// How many fen or kilometres one is.
    var factor: Int64 {
        switch self {
        case .yuan: 100
        case .tenThousandYuan: 1_000_000
        case .kilometre: 1
        case .tenThousandKilometres: 10_000
        }
    }

    /// How the unit is written behind a number or in a heading, folded; longest first, so that 万元 is not read as 元.
    static func spellings(of dimension: Dimension) -> [(text: String, unit: Unit)] {
        switch dimension {
        case .money: moneySpellings
        case .distance: distanceSpellings
        }
    }

    private static let moneySpellings: [(text: String, unit: Unit)] = [
        ("万元人民币", .tenThousandYuan), ("人民币万元", .tenThousandYuan), ("万人民币", .tenThousandYuan),
        ("人民币元", .yuan), ("元人民币", .yuan), ("人民币", .yuan),
        ("万rmb", .tenThousandYuan), ("万元", .tenThousandYuan), ("w元", .tenThousandYuan),
        ("万", .tenThousandYuan), ("w", .tenThousandYuan), ("rmb", .yuan), ("cny", .yuan), ("元", .yuan), ("¥", .yuan),
    ]
    private static let distanceSpellings: [(text: String, unit: Unit)] = [
        ("万公里", .tenThousandKilometres), ("万千米", .tenThousandKilometres), ("w公里", .tenThousandKilometres),
        ("万km", .tenThousandKilometres), ("wkm", .tenThousandKilometres), ("公里", .kilometre), ("千米", .kilometre),
        ("km", .kilometre), ("万", .tenThousandKilometres), ("w", .tenThousandKilometres),
    ]
}
