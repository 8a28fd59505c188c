import Core

/// What platform inspections answered on one head. Who inspected and left the head out, or wrote that it is not known,
/// answered nothing.
struct InspectionAnswers {
    /// In the order of time.
    let yes: [Timeline.Item]
    let no: [Timeline.Item]

    /// - Parameter head: a name from `EventSchema.inspectedHeads`.
    init(_ timeline: Timeline, head: String) {
        let inspections = timeline.holding.filter { $0.event.kind == .inspectionPlatform }
        yes = inspections.filter { $0.facts.triState(head) == .yes }
        no = inspections.filter { $0.facts.triState(head) == .no }
    }
}

/// Names entries in a sentence: what they are and when, the first few of them.
func mentions(_ items: [Timeline.Item]) -> LocalizedText {
    let named = items.prefix(PlatformRules.mentionsMaximum)
    let rest = items.count - named.count
    let zh = named.map { "\($0.date)的\(PlainWords.name(of: $0.event.kind).zh)" }.joined(separator: "、")
    let en = named.map { "\(PlainWords.name(of: $0.event.kind).en) of \($0.date)" }.joined(separator: ", ")
    return LocalizedText(
        zh: rest > 0 ? "\(zh)等 \(items.count) 条记录" : zh,
        en: rest > 0 ? "\(en) and \(rest) more" : en
    )
}
