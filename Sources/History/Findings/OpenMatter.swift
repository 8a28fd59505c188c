import Core

/// A matter that one kind of event opens and another closes, each by the same number: a recall, a mortgage. What is
/// not closed is a yes. What is closed leaves the question open, because nobody knows every recall or mortgage.
struct OpenMatter: Sendable {
    let code: FindingCode
    let opens: VehicleEventKind
    let closes: VehicleEventKind
    /// The member that holds the number.
    let number: String
    let words: Words

    struct Words: Sendable {
        /// Before the number of open ones and their names.
        let open: LocalizedText
        /// Behind what is open: what follows from it.
        let consequence: LocalizedText
        let inspected: LocalizedText
        let found: LocalizedText
        let closed: LocalizedText
        let silence: LocalizedText
    }

    func finding(in timeline: Timeline) -> Finding {
        let opened = timeline.holding.filter { $0.event.kind == opens }
        let closed = timeline.holding.filter { $0.event.kind == closes }
        let open = opened.filter { matter in
            !closed.contains { number(of: $0) == number(of: matter) && isAfter($0, matter) }
        }
        if !open.isEmpty { return stillOpen(open) }
        let answers = InspectionAnswers(timeline, head: code.rawValue)
        let known = (opened + closed).sorted { $0.occurredAt < $1.occurredAt }
        let last = (answers.yes + answers.no).max { $0.occurredAt < $1.occurredAt }
        if let last, known.allSatisfy({ $0.occurredAt <= last.occurredAt }) {
            return last.facts.triState(code.rawValue) == .yes ? inspectedOpen(last) : inspectedClear(last)
        }
        return notKnown(known)
    }

    /// A recall counts as remedied whenever it was remedied. A mortgage can be registered again under its number, so
    /// its release must come after.
    private func isAfter(_ closing: Timeline.Item, _ opening: Timeline.Item) -> Bool {
        code == .openRecall || closing.occurredAt >= opening.occurredAt
    }

    /// Sources write the same number with and without spaces, and in either case.
    private func number(of item: Timeline.Item) -> String? {
        item.facts.text(number).map { $0.filter { !$0.isWhitespace }.uppercased() }
    }

    private func stillOpen(_ open: [Timeline.Item]) -> Finding {
        let named = mentions(open)
        return Finding(
            code,
            .yes,
            zh: "\(words.open.zh)有 \(open.count) 项：\(named.zh)；\(words.consequence.zh)。",
            en: "\(words.open.en): \(open.count) (\(named.en)). \(words.consequence.en).",
            evidence: open.map { Evidence($0, .proves) }
        )
    }

    private func inspectedOpen(_ inspection: Timeline.Item) -> Finding {
        Finding(
            code,
            .yes,
            zh: "\(inspection.date)的平台检测指出\(words.inspected.zh)；\(words.consequence.zh)。",
            en: "The platform inspection on \(inspection.date) found \(words.inspected.en). \(words.consequence.en).",
            evidence: [Evidence(inspection, .proves)]
        )
    }

    private func inspectedClear(_ inspection: Timeline.Item) -> Finding {
        Finding(
            code,
            .no,
            zh: "截至\(inspection.date)的平台检测，没有发现\(words.found.zh)；这一天之后的情况没有检测过。",
            en: "As of \(inspection.date), the platform inspection did not find \(words.found.en); "
                + "nobody has inspected the car for it since.",
            evidence: [Evidence(inspection, .denies)]
        )
    }

    private func notKnown(_ known: [Timeline.Item]) -> Finding {
        guard !known.isEmpty else {
            return Finding(code, .notKnown, zh: words.silence.zh + "。", en: words.silence.en + ".")
        }
        let named = mentions(known)
        return Finding(
            code,
            .notKnown,
            zh: "\(words.closed.zh)（\(named.zh)）；\(words.silence.zh)。",
            en: "\(words.closed.en) (\(named.en)). \(words.silence.en).",
            evidence: known.map { Evidence($0, .related) }
        )
    }
}

extension OpenMatter {
    static let recall = OpenMatter(
        code: .openRecall,
        opens: .recallAnnounced,
        closes: .recallDone,
        number: "campaign",
        words: Words(
            open: LocalizedText(zh: "没有处理记录的召回", en: "Recalls without a record of the remedy"),
            consequence: LocalizedText(
                zh: "召回是厂家对缺陷的免费处理，商家知道有缺陷就应当停止销售",
                en:
                    "The maker remedies a recall free of charge, and a trader who knows of the defect must not sell"
            ),
            inspected: LocalizedText(zh: "有召回还没有处理", en: "a recall that was not remedied"),
            found: LocalizedText(zh: "没处理的召回", en: "a recall that was not remedied"),
            closed: LocalizedText(zh: "已知的召回都有处理记录", en: "Every known recall has a record of its remedy"),
            silence: LocalizedText(
                zh: "车辆是否有没处理的召回，没有人说明，不能当作没有，请凭车架号向厂家查询",
                en: "Nobody has said whether a recall is open. That is not a no: ask the maker, by VIN"
            )
        )
    )

    static let mortgage = OpenMatter(
        code: .mortgage,
        opens: .mortgageRegistered,
        closes: .mortgageReleased,
        number: "mortgage_ref",
        words: Words(
            open: LocalizedText(zh: "没有解除记录的抵押", en: "Mortgages without a record of the release"),
            consequence: LocalizedText(
                zh: "抵押期间过户，要由卖方、买方和抵押权人一同申请",
                en: "While the mortgage stands, seller, buyer and mortgagee must apply for the transfer together"
            ),
            inspected: LocalizedText(zh: "车辆还在抵押", en: "that the car was mortgaged"),
            found: LocalizedText(zh: "抵押", en: "a mortgage"),
            closed: LocalizedText(zh: "已知的抵押都已解除", en: "Every known mortgage was released"),
            silence: LocalizedText(
                zh: "车辆现在是否有抵押，没有人说明，不能当作没有，请向登记机关查询",
                en: "Nobody has said whether the car is mortgaged now. That is not a no: ask the registration office"
            )
        )
    )
}
