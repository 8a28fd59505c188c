import Core

/// A question whose yes never becomes a no again: a car that was flooded stays a car that was flooded.
struct IncidentQuestion: Sendable {
    let code: FindingCode
    /// The head under which a platform inspection answers it.
    let head: String
    /// Whether an event makes it a yes.
    let proves: @Sendable (Timeline.Item) -> Bool
    /// Whether an event leaves it open again after an inspection has said no: something happened, and nobody has said
    /// whether it was this.
    let reopens: @Sendable (Timeline.Item) -> Bool
    let words: Words

    struct Words: Sendable {
        /// "The car was …"
        let happened: LocalizedText
        /// Behind "did not find".
        let found: LocalizedText
        /// Behind "nobody has said".
        let whether: LocalizedText
    }

    func finding(in timeline: Timeline) -> Finding {
        let answers = InspectionAnswers(timeline, head: head)
        let proof = timeline.holding.filter(proves) + answers.yes
        if !proof.isEmpty { return proven(by: proof.sorted { $0.occurredAt < $1.occurredAt }) }
        guard let clean = answers.no.last else {
            return Finding(code, .notKnown, zh: silence.zh + "。", en: silence.en + ".")
        }
        let doubts = timeline.holding.filter { $0.occurredAt >= clean.occurredAt && reopens($0) }
        return doubts.isEmpty ? denied(by: clean) : reopened(clean, by: doubts)
    }

    private func proven(by proof: [Timeline.Item]) -> Finding {
        let named = mentions(proof)
        return Finding(
            code,
            .yes,
            zh: "\(words.happened.zh)：\(named.zh)。",
            en: "\(words.happened.en): \(named.en).",
            evidence: proof.map { Evidence($0, .proves) }
        )
    }

    private func denied(by clean: Timeline.Item) -> Finding {
        Finding(
            code,
            .no,
            zh: "截至\(clean.date)的平台检测，没有发现\(words.found.zh)；这一天之后的情况没有检测过。",
            en: "As of \(clean.date), the platform inspection did not find \(words.found.en); "
                + "nobody has inspected the car for it since.",
            evidence: [Evidence(clean, .denies)]
        )
    }

    private func reopened(_ clean: Timeline.Item, by doubts: [Timeline.Item]) -> Finding {
        let named = mentions(doubts)
        return Finding(
            code,
            .notKnown,
            zh: "\(clean.date)的平台检测没有发现\(words.found.zh)，但之后又有\(named.zh)，\(silence.zh)。",
            en: "The platform inspection on \(clean.date) did not find \(words.found.en), but then came "
                + "\(named.en). \(silence.en).",
            evidence: [Evidence(clean, .denies)] + doubts.map { Evidence($0, .related) }
        )
    }

    private var silence: LocalizedText {
        LocalizedText(
            zh: "没有人说明\(words.whether.zh)，不能当作没有，请在购买前问清楚",
            en: "Nobody has said \(words.whether.en). That is not a no: find out before you buy"
        )
    }
}
