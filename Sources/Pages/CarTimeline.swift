import Core
import History
import Web

/// Every event of a car: when, what, who said so, and what was said about it since. The script holds what stands here
/// against the entries that it has verified.
struct CarTimeline {
    let sheet: CarSheet
    let events: [JSON]
    /// Hashes of entries that prove something bad.
    let grave: Set<String>

    private var language: Language { sheet.language }
    private func say(_ zh: String, _ en: String) -> String { sheet.say(zh, en) }

    static func id(_ hash: String) -> String { "e-\(hash)" }

    func write(_ page: inout HTMLWriter) {
        page.element("h2", ["id": "story"], say("来龙去脉：\(events.count) 个事件", "The story: \(events.count) events"))
        page.element("ol", ["id": "timeline", "class": "events"]) { page in
            for event in events {
                write(event, &page)
                page.newline()
            }
        }
    }

    private func write(_ event: JSON, _ page: inout HTMLWriter) {
        let hash = event.text("entry")
        page.element(
            "li",
            [
                "class": grave.contains(hash) ? "event grave" : "event", "id": CarTimeline.id(hash),
                "data-seq": "\(event.number("seq"))", "data-kind": event.text("kind"),
                "data-source": event["source"]?.text("id"),
            ]
        ) { page in
            page.element("p", ["class": "when"]) { page in
                page.element("time", event.text("date"))
                page.element("strong", event["name"]?.words(language) ?? "")
                writeMarks(event, &page)
                if let km = event["odometer_km"]?.integerValue {
                    page.element("span", ["class": "km"], PlainNumbers.grouped(km) + say(" 公里", " km"))
                }
            }
            page.element("p", CarTimeline.withoutDay(event["sentence"]?.words(language) ?? "", event.text("date")))
            writeStanding(event["standing"] ?? .null, &page)
            page.element("p", ["class": "soft"], event["source"]?["label"]?.words(language) ?? "")
        }
    }

    private func writeMarks(_ event: JSON, _ page: inout HTMLWriter) {
        if event["recorded_late"] == .bool(true) {
            page.element("span", ["class": "badge late"], say("事后补报", "reported late"))
        }
        let state = event["standing"]?.text("state") ?? ""
        let name: String? =
            switch state {
            case "corrected": say("已更正", "corrected")
            case "retracted": say("已撤回", "retracted")
            case "erased": say("已封存", "sealed")
            default: nil
            }
        if let name { page.element("span", ["class": "badge \(state)"], name) }
    }

    private func writeStanding(_ standing: JSON, _ page: inout HTMLWriter) {
        guard let sentence = standing["sentence"]?.words(language), !sentence.isEmpty else { return }
        page.element("p", ["class": "standing"], sentence)
        if let before = standing["before"]?.words(language), !before.isEmpty {
            page.element("p", ["class": "soft"], say("原先的说法：", "It said before: ") + before)
        }
    }

    /// The day stands before the sentence already.
    private static func withoutDay(_ sentence: String, _ day: String) -> String {
        for separator in ["，", ": "] where sentence.hasPrefix(day + separator) {
            return String(sentence.dropFirst(day.count + separator.count))
        }
        return sentence
    }
}
