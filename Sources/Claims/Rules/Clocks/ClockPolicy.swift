package import Core

/// What somebody is held to.
package enum ClockKind: String, Sendable, Hashable, CaseIterable {
    /// Of a person: a receipt that the program sends does not count.
    case response
    case solution
    /// Somebody stands on the road.
    case urgent
    case complaintCallback = "complaint_callback"
    /// At the customer's door, with an apology and a fix.
    case complaintFix = "complaint_fix"
    case afterSales = "after_sales"
    case resultNotice = "result_notice"
    case dealerReply = "dealer_reply"
    /// Beyond it the law takes inaction for intent. Nothing stops it.
    case legalCeiling = "legal_ceiling"

    package var name: LocalizedText {
        switch self {
        case .response: LocalizedText(zh: "人工响应", en: "answer by a person")
        case .solution: LocalizedText(zh: "给出解决方案", en: "solution")
        case .urgent: LocalizedText(zh: "紧急救援响应", en: "urgent answer")
        case .complaintCallback: LocalizedText(zh: "投诉回电", en: "complaint call-back")
        case .complaintFix: LocalizedText(zh: "上门致歉并解决", en: "apology and fix at the door")
        case .afterSales: LocalizedText(zh: "售后响应", en: "after-sales answer")
        case .resultNotice: LocalizedText(zh: "告知处理结果", en: "notice of the result")
        case .dealerReply: LocalizedText(zh: "商家答复", en: "dealer's reply")
        case .legalCeiling: LocalizedText(zh: "法定最长期限", en: "the law's ceiling")
        }
    }
}

/// How long a clock runs, and by what it counts.
package enum ClockSpan: Sendable, Hashable {
    /// By the wall clock, through nights and holidays (Civil Code, article 201).
    case minutes(Int64)
    /// From the day after, by the State Council's calendar.
    case workingDays(Int64)
    /// From the day after, day by day, to 24:00 of the last; a holiday at the end does not move it.
    case days(Int64)

    package var json: JSON {
        switch self {
        case .minutes(let count): ["minutes": .integer(count)]
        case .workingDays(let count): ["working_days": .integer(count)]
        case .days(let count): ["days": .integer(count)]
        }
    }
}

package struct ClockPolicy: Sendable, Hashable {
    package let kind: ClockKind
    package let span: ClockSpan
    package let marks: [Mark]
    /// What stops the clock while it lasts; only for clocks of working days.
    package let pauses: Set<Question.WaitedFor>
    /// How much of its own time may be paused in all.
    package let pauseWorkingDaysMaximum: Int64
    package let source: RuleSource

    /// From which share of the time on somebody else is told.
    package struct Mark: Sendable, Hashable {
        package let percent: Int64
        package let level: AuthorityLevel

        package init(_ percent: Int64, _ level: AuthorityLevel) {
            self.percent = percent
            self.level = level
        }
    }

    package init(
        _ kind: ClockKind,
        _ span: ClockSpan,
        marks: [Mark] = ClockPolicy.commonMarks,
        pauses: Set<Question.WaitedFor> = [],
        pauseWorkingDaysMaximum: Int64 = 0,
        source: RuleSource
    ) {
        self.kind = kind
        self.span = span
        self.marks = marks
        self.pauses = pauses
        self.pauseWorkingDaysMaximum = pauseWorkingDaysMaximum
        self.source = source
    }

    /// Half the time gone, four fifths, all of it: to the next level each time.
    package static let commonMarks = [Mark(50, .intermediate), Mark(80, .senior), Mark(100, .manager)]
    package static let breachPercent: Int64 = 100
}

/// Every clock, in one edition.
package struct ClockPolicies: Sendable, Hashable {
    package let version: String
    package let effectiveFrom: CalendarDate
    private let policies: [ClockKind: ClockPolicy]

    package init(version: String, effectiveFrom: CalendarDate, _ policies: [ClockPolicy]) {
        self.version = version
        self.effectiveFrom = effectiveFrom
        self.policies = Dictionary(policies.map { ($0.kind, $0) }) { first, _ in first }
    }

    package subscript(kind: ClockKind) -> ClockPolicy? { policies[kind] }

    private static let promise = RuleSource(.promise, zh: "平台服务承诺", en: "the platform's promise of service")

    package static let shipped = ClockPolicies(
        version: "clocks-2026-1",
        // 2026-01-01
        effectiveFrom: CalendarDate(daysSinceEpoch: 20_454),
        [
            ClockPolicy(.response, .minutes(24 * 60), source: promise),
            ClockPolicy(
                .solution,
                .workingDays(3),
                pauses: [.buyer, .appraisal],
                // The promise is the platform's; how long it may wait for others is our own proposal.
                pauseWorkingDaysMaximum: 5,
                source: promise
            ),
            ClockPolicy(.urgent, .minutes(30), source: promise),
            ClockPolicy(.complaintCallback, .minutes(60), source: promise),
            ClockPolicy(.complaintFix, .minutes(24 * 60), source: promise),
            ClockPolicy(.afterSales, .minutes(2 * 60), source: promise),
            ClockPolicy(.resultNotice, .minutes(48 * 60), source: promise),
            ClockPolicy(.dealerReply, .minutes(48 * 60), source: .ownProposal),
            ClockPolicy(
                .legalCeiling,
                .days(15),
                marks: [
                    ClockPolicy.Mark(50, .senior), ClockPolicy.Mark(80, .manager), ClockPolicy.Mark(100, .manager),
                ],
                source: RuleSource(
                    .law,
                    zh: "《侵害消费者权益行为处罚办法》第八条、第九条",
                    en: "Measures on Penalties for Infringing Consumers' Rights, articles 8 and 9"
                )
            ),
        ]
    )

    package static let schedule = Schedule([(from: shipped.effectiveFrom, edition: shipped)])
}
