import Core
import Web

/// What the records say of the questions that a buyer should ask: the worst first, then what nobody has answered, and
/// only then what somebody who could know has denied. Silence never reads as clean.
struct CarFindings {
    let sheet: CarSheet
    let report: JSON?

    private var language: Language { sheet.language }
    private func say(_ zh: String, _ en: String) -> String { sheet.say(zh, en) }

    func write(_ page: inout HTMLWriter) {
        page.element("h2", ["id": "found"], say("有什么要注意的", "What to know"))
        guard let report else {
            return page.element(
                "p",
                ["class": "verdict"],
                say(
                    "日志里没有这辆车的任何记录，好坏都无从判断。没有记录不等于没有问题。",
                    "The log has no entry of this car, good or bad. That does not mean that nothing is wrong with it."
                )
            )
        }
        let headline = report["headline"] ?? .null
        page.element("p", ["class": "verdict \(headline.text("level"))"], headline.words(language))
        let findings = report.list("findings")
        list(findings.filter { $0.text("state") == "yes" }, "", &page)
        let open = findings.filter { $0.text("state") == "not_known" }
        let names = open.map { $0["label"]?.words(language) ?? "" }
        folded(
            open,
            "open",
            say(
                "没有人说明的 \(open.count) 项，不等于没有：\(names.joined(separator: "、"))",
                "Nobody has answered, which does not mean no (\(open.count)): \(names.joined(separator: ", "))"
            ),
            &page
        )
        let denied = findings.filter { $0.text("state") == "no" }
        folded(denied, "denied", say("有人说明“没有”的 \(denied.count) 项", "Denied by somebody (\(denied.count))"), &page)
    }

    private func folded(_ findings: [JSON], _ name: String, _ summary: String, _ page: inout HTMLWriter) {
        guard !findings.isEmpty else { return }
        page.element("details", ["class": "group \(name)"]) { page in
            page.element("summary", summary)
            list(findings, name, &page)
        }
    }

    private func list(_ findings: [JSON], _ name: String, _ page: inout HTMLWriter) {
        guard !findings.isEmpty else { return }
        page.element("ul", ["class": "findings \(name)"]) { page in
            for finding in findings { write(finding, &page) }
        }
    }

    private func write(_ finding: JSON, _ page: inout HTMLWriter) {
        let isYes = finding.text("state") == "yes"
        page.element("li", ["class": isYes ? finding.text("severity") : nil]) { page in
            page.element("p") { page in
                page.element("strong", finding["label"]?.words(language) ?? "")
                if isYes { page.element("span", ["class": "badge \(finding.text("severity"))"], weight(finding)) }
            }
            page.element("p", finding["sentence"]?.words(language) ?? "")
            if isYes { writeEvidence(finding.list("evidence"), &page) }
        }
    }

    private func weight(_ finding: JSON) -> String {
        switch finding.text("severity") {
        case "critical": say("严重", "serious")
        case "warning": say("注意", "attention")
        default: say("告知", "for information")
        }
    }

    /// So many entries are named; the timeline has them all.
    private static let evidenceMaximum = 4

    private func writeEvidence(_ evidence: [JSON], _ page: inout HTMLWriter) {
        guard !evidence.isEmpty else { return }
        page.element("p", ["class": "proofs soft"]) { page in
            page.text(say("依据：", "See: "))
            for entry in evidence.prefix(CarFindings.evidenceMaximum) {
                page.element("a", ["href": "#\(CarTimeline.id(entry.text("entry")))"], entry.text("date"))
            }
            let more = evidence.count - CarFindings.evidenceMaximum
            if more > 0 { page.text(say("等 \(evidence.count) 条", "and \(more) more")) }
        }
    }
}
