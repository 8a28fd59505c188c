import Core

extension Finding {
    /// Yes as soon as one record knows of a commercial use. No where the registration and every transfer state another
    /// one, or where an inspection says no after the last of them.
    static func commercialUse(_ timeline: Timeline) -> Finding {
        let answers = InspectionAnswers(timeline, head: FindingCode.commercialUse.rawValue)
        let changes = timeline.ownershipChanges
        let commercial = changes.filter { $0.facts.use?.isCommercial == true }
        if !commercial.isEmpty || !answers.yes.isEmpty { return usedCommercially(commercial, answers.yes) }
        if let clean = answers.no.last, changes.allSatisfy({ $0.occurredAt <= clean.occurredAt }) {
            return Finding(
                .commercialUse,
                .no,
                zh: "截至\(clean.date)的平台检测，没有发现做过营运（载客、运货、出租等）；这一天之后的情况没有检测过。",
                en: "As of \(clean.date), the platform inspection did not find commercial use; "
                    + "nobody has inspected the car for it since.",
                evidence: [Evidence(clean, .denies)]
            )
        }
        let isRegistered = changes.contains { $0.event.kind == .vehicleRegistered }
        if let last = changes.last, isRegistered, changes.allSatisfy({ $0.facts.use?.isCommercial == false }) {
            return Finding(
                .commercialUse,
                .no,
                zh: "注册登记和有记录的每次过户（最近一次在\(last.date)）都写明不是营运用途。",
                en: "The registration and every recorded transfer, the last on \(last.date), state a use that is "
                    + "not commercial.",
                evidence: changes.map { Evidence($0, .denies) }
            )
        }
        return Finding(
            .commercialUse,
            .notKnown,
            zh: "没有人说明车辆是否做过营运（载客、运货、出租等），不能当作没有，请在购买前问清楚。",
            en: "Nobody has said whether the car was ever used commercially, to carry people or goods or for rent. "
                + "That is not a no: find out before you buy.",
            evidence: changes.map { Evidence($0, .related) }
        )
    }

    private static func usedCommercially(_ changes: [Timeline.Item], _ inspections: [Timeline.Item]) -> Finding {
        let uses = changes.prefix(PlatformRules.mentionsMaximum).compactMap { item in
            item.facts.use.map { (item.date, PlainWords.word("use", $0.rawValue)) }
        }
        let zh = uses.map { "\($0.0)登记为\($0.1.zh)" } + inspections.prefix(1).map { "\($0.date)的平台检测认定" }
        let en =
            uses.map { "registered as \($0.1.en) on \($0.0)" }
            + inspections.prefix(1).map { "found by the platform inspection on \($0.date)" }
        return Finding(
            .commercialUse,
            .yes,
            zh: "车辆做过营运（载客、运货、出租等，通常跑得更多）：\(zh.joined(separator: "、"))。",
            en: "The car was used commercially, which usually means harder use: \(en.joined(separator: ", ")).",
            evidence: (changes + inspections).map { Evidence($0, .proves) }
        )
    }
}

extension Timeline {
    /// Registrations and transfers that hold: where the use of a car is stated.
    var ownershipChanges: [Item] {
        holding.filter { $0.event.kind == .vehicleRegistered || $0.event.kind == .ownershipTransferred }
    }
}
