import Core
import History

/// Something that the text of a listing asserts of the car, by words that every buyer takes for a promise.
struct ListingClaim: Sendable {
    enum Subject: Sendable, Hashable {
        case disclosure(Disclosure)
        case fire
        case firstOwner
    }

    let subject: Subject
    /// As it stands in the text.
    let words: String

    /// Longer words first, so that the longest that fits is named.
    private static let vocabulary: [(words: [String], subject: Subject)] = [
        (
            ["无重大事故", "无大事故", "无事故", "零事故", "0事故", "没有事故", "没出过事故", "无碰撞", "accidentfree", "noaccident"],
            .disclosure(.accident)
        ),
        (
            ["无泡水", "无水泡", "无涉水", "非泡水", "非水泡", "没泡过水", "没有泡水", "neverflooded", "noflood"],
            .disclosure(.flood)
        ),
        (["无火烧", "非火烧", "无过火", "没有火烧", "nofiredamage"], .fire),
        (
            ["公里数真实", "里程真实", "真实公里", "真实里程", "无调表", "未调表", "没调过表", "实表", "originalmileage", "genuinemileage"],
            .disclosure(.odometerAltered)
        ),
        (["非营运", "无营运", "从未营运", "没跑过营运", "nevercommercial"], .disclosure(.commercialUse)),
        (["无抵押", "没有抵押", "nomortgage"], .disclosure(.mortgaged)),
        (["无大修", "未大修", "没大修过"], .disclosure(.majorRepair)),
        (["零过户", "0过户", "0次过户", "零次过户", "未过户", "一手车", "一手私家", "oneowner", "firstowner"], .firstOwner),
    ]

    /// Every claim that a text makes, at most one of each subject.
    static func all(in text: String) -> [ListingClaim] {
        let plain = normalized(text)
        return vocabulary.compactMap { entry in
            entry.words.first(where: plain.contains).map { ListingClaim(subject: entry.subject, words: $0) }
        }
    }

    /// Letters and digits alone, in lower case and of ordinary width: spaces, dots and the like hide nothing.
    private static func normalized(_ text: String) -> String {
        var plain = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars {
            let isFullWidth = (0xFF01...0xFF5E).contains(scalar.value)
            let narrow = isFullWidth ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
            if narrow.properties.isAlphabetic || narrow.properties.numericType != nil { plain.append(narrow) }
        }
        return String(plain).lowercased()
    }
}
