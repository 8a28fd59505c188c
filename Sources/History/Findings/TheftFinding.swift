import Core

extension Finding {
    /// Stolen and found again stays a yes, of less weight: nobody can register a car that is still being looked for.
    static func theft(_ timeline: Timeline) -> Finding {
        let answers = InspectionAnswers(timeline, head: "theft")
        let holding = timeline.holding
        let thefts = holding.filter { item in
            (item.event.kind == .theftReported && item.facts.text("status") == "stolen")
                || item.facts.text("peril") == "theft" || item.facts.triState("theft") == .yes
        }
        let recoveries = holding.filter { $0.event.kind == .theftReported && $0.facts.text("status") == "recovered" }
        guard !thefts.isEmpty || !recoveries.isEmpty else { return notStolen(answers.no.last) }
        if let recovery = recoveries.last, thefts.allSatisfy({ $0.occurredAt <= recovery.occurredAt }) {
            return recovered(thefts, recoveries, on: recovery.date)
        }
        let named = mentions(thefts)
        return Finding(
            .theft,
            .yes,
            zh: "记录显示车辆被盗抢，之后没有找回的记录：\(named.zh)；被盗抢的车不能过户。",
            en: "The car was stolen, and there is no record that it was found again: \(named.en). "
                + "A stolen car cannot be transferred.",
            evidence: thefts.map { Evidence($0, .proves) } + recoveries.map { Evidence($0, .related) }
        )
    }

    private static func recovered(
        _ thefts: [Timeline.Item],
        _ recoveries: [Timeline.Item],
        on day: CalendarDate
    ) -> Finding {
        Finding(
            .theft,
            .yes,
            severity: .warning,
            zh: "车辆曾被盗抢，\(day)已找回；请核对车架号，并问清楚被盗期间的车况。",
            en: "The car was stolen and found again on \(day); check its VIN, and ask what it went through.",
            evidence: thefts.map { Evidence($0, .proves) } + recoveries.map { Evidence($0, .related) }
        )
    }

    private static func notStolen(_ clean: Timeline.Item?) -> Finding {
        guard let clean else {
            return Finding(
                .theft,
                .notKnown,
                zh: "没有人说明车辆是否被盗抢过，不能当作没有，请在购买前问清楚。",
                en: "Nobody has said whether the car was ever stolen. That is not a no: find out before you buy."
            )
        }
        return Finding(
            .theft,
            .no,
            zh: "截至\(clean.date)的平台检测，没有发现被盗抢的情况；这一天之后的情况没有检测过。",
            en: "As of \(clean.date), the platform inspection did not find that the car was stolen; "
                + "nobody has inspected the car for it since.",
            evidence: [Evidence(clean, .denies)]
        )
    }
}
