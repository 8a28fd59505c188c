package import Core

/// The verdict on a car in one sentence. It never calls a car clean: the best it says is that every question was
/// answered and no answer was bad.
package struct Headline: Sendable, Hashable {
    package let level: Level
    package let sentence: LocalizedText

    package enum Level: String, Sendable, Hashable, CaseIterable {
        /// Something that should stop a buyer.
        case critical
        /// Something that a buyer should know.
        case warning
        /// Nothing bad is known, and questions are open.
        case openQuestions = "open_questions"
        /// Nothing bad is known, and somebody answered every question that a seller is asked.
        case noKnownProblem = "no_known_problem"
        case nothingRecorded = "nothing_recorded"
    }

    init(_ findings: [Finding], isEmpty: Bool) {
        let yes = findings.filter { $0.state == .yes }
        let open = findings.filter { $0.state == .notKnown && $0.severity == .warning }
        if isEmpty {
            self.init(
                .nothingRecorded,
                zh: "这辆车还没有任何记录，好坏都无从判断。",
                en: "Nothing is recorded about this car, good or bad."
            )
        } else if yes.contains(where: { $0.severity == .critical }) {
            self.init(.critical, yes.filter { $0.severity == .critical }, open, zh: "有严重问题", en: "Serious problems")
        } else if yes.contains(where: { $0.severity == .warning }) {
            self.init(.warning, yes.filter { $0.severity == .warning }, open, zh: "需要留意", en: "Worth your attention")
        } else if !open.isEmpty {
            self.init(.openQuestions, open)
        } else {
            self.init(
                .noKnownProblem,
                zh: "已有的记录里没有发现问题，重要的事项都有人说明过；请看各项说明的日期。",
                en:
                    "The records show no problem, and somebody answered all that matters; see as of which day."
            )
        }
    }

    private init(_ level: Level, zh: String, en: String) {
        self.level = level
        sentence = LocalizedText(zh: zh, en: en)
    }

    private init(_ level: Level, _ problems: [Finding], _ open: [Finding], zh: String, en: String) {
        let (zhNames, enNames) = names(problems)
        self.init(
            level,
            zh: "\(zh)：\(zhNames)" + (open.isEmpty ? "。" : "；另有 \(open.count) 项重要的事没有人说明。"),
            en: "\(en): \(enNames)"
                + (open.isEmpty ? "." : "; questions that matter and that nobody has answered: \(open.count).")
        )
    }

    private init(_ level: Level, _ open: [Finding]) {
        let (zhNames, enNames) = names(open)
        self.init(
            level,
            zh: "已有的记录里没有发现问题，但有 \(open.count) 项重要的事没有人说明，不等于没有：\(zhNames)。",
            en:
                "The records show no problem, but nobody has answered these, which does not mean no: \(enNames)."
        )
    }

    package var json: JSON {
        ["level": JSON(level.rawValue), "zh": JSON(sentence.zh), "en": JSON(sentence.en)]
    }
}

private func names(_ findings: [Finding]) -> (zh: String, en: String) {
    let labels = findings.map(\.code.label)
    return (labels.map(\.zh).joined(separator: "、"), labels.map(\.en).joined(separator: ", "))
}
