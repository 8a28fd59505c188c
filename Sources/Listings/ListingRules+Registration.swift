import Core
import History

/// What an offer says of the car against what its registration says.
extension ListingRules {
    static func registration(_ vehicle: VehicleDetails, _ facts: RecordedFacts) -> [Fault] {
        let identity = facts.identity
        return [
            contradiction(identity.stated("first_registered"), at: "/vehicle/first_registered_on") { recorded in
                vehicle.firstRegisteredOn.map { JSON($0.description) == recorded }
            },
            contradiction(identity.stated("energy"), at: "/vehicle/energy") { recorded in
                vehicle.energy.map { JSON($0.rawValue) == recorded }
            },
            contradiction(identity.stated("make"), at: "/vehicle/make") { recorded in
                vehicle.make.map { isSameMake($0, recorded.stringValue ?? "") }
            },
        ].compactMap { $0 }
    }

    /// - Parameter agrees: whether what the offer says is what was recorded; `nil` where it says nothing.
    private static func contradiction(
        _ line: VehicleIdentity.Line?,
        at pointer: String,
        agrees: (JSON) -> Bool?
    ) -> Fault? {
        guard let line, let words = line.words, agrees(line.value) == false else { return nil }
        // What was written in Chinese has no English.
        let english = words.en.utf8.allSatisfy { $0 < 0x80 } ? words.en : "something else"
        return Fault(
            pointer,
            "contradicts_history",
            zh: "与车辆历史矛盾：登记的\(line.label.zh)为 \(words.zh)（平台规则：车源须与车辆历史一致）",
            en: "Contradicts the history: \(line.label.en), as registered: \(english) "
                + "(platform rule: an offer agrees with the history)"
        )
    }

    /// With the maker's name before the make's or without it: 上汽大众 is 大众. Case and spaces are nobody's claim.
    private static func isSameMake(_ offered: String, _ recorded: String) -> Bool {
        let (one, other) = (plain(offered), plain(recorded))
        return one.contains(other) || other.contains(one)
    }

    private static func plain(_ make: String) -> String {
        make.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}
