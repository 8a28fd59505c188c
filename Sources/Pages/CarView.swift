import Core
import History
import Web

/// A car's history for whoever stands in front of it: what it is, what was found, and every event, in plain words.
struct CarView {
    let sheet: CarSheet
    let vin: String
    /// As `GET /v1/vehicles/{vin}/report` answers; `nil` where nothing was ever recorded.
    let report: JSON?
    let proof: CarProof

    static let lateAfterDays = PlatformRules.lateAfterDays

    private var language: Language { sheet.language }

    private func say(_ zh: String, _ en: String) -> String { sheet.say(zh, en) }

    var title: String { CarName.of(report) ?? say("车辆历史", "History of a car") }

    func write(_ page: inout HTMLWriter) {
        page.element("section", ["class": "card", "aria-label": say("这辆车", "The car")]) { writeHead(&$0) }
        page.newline()
        proof.writeSeal(sheet, &page)
        page.newline()
        page.element("div", ["class": "columns"]) { page in
            page.element("section", ["class": "card", "aria-labelledby": "found"]) { page in
                CarFindings(sheet: sheet, report: report).write(&page)
            }
            if let report {
                page.element("section", ["class": "card", "aria-labelledby": "odometer"]) { page in
                    page.element("h2", ["id": "odometer"], say("里程", "Odometer"))
                    CarChart(language: language, odometer: report["odometer"] ?? .null).write(&page)
                }
            }
        }
        page.newline()
        if let report {
            page.element("section", ["class": "card", "aria-labelledby": "story"]) { page in
                CarTimeline(sheet: sheet, events: report.list("timeline"), grave: graveEntries).write(&page)
            }
        }
        page.newline()
        writeVerification(&page)
    }

    // MARK: Head

    private func writeHead(_ page: inout HTMLWriter) {
        page.element("h1", title)
        page.element("p", ["class": "vin"], vin)
        page.element("dl", ["class": "facts"]) { page in
            fact(say("账本记录", "Entries in the ledger"), &page) { page in
                page.element("span", ["id": "count"], PlainNumbers.grouped(report?.number("entries") ?? 0))
                page.text(say(" 条", ""))
            }
            if let report {
                fact(say("最近一次事件", "Last event"), &page) { writeLastEvent(report, &$0) }
                for name in ["first_registered", "energy", "use", "color", "plate_region"] {
                    guard let line = report["identity"]?[name], line != .null else { continue }
                    fact(CarName.label(name, language), &page) { $0.text(line.words(language)) }
                }
                fact(say("换过几手", "Owners"), &page) { $0.text(owners(report)) }
            }
        }
    }

    private func fact(_ name: String, _ page: inout HTMLWriter, _ value: (inout HTMLWriter) -> Void) {
        page.element("div") { page in
            page.element("dt", name)
            page.element("dd", [:], value)
        }
    }

    private func writeLastEvent(_ report: JSON, _ page: inout HTMLWriter) {
        guard let last = report.list("timeline").last else { return page.text(say("没有", "none")) }
        page.element("span", ["id": "last"]) { page in
            page.element("time", last.text("date"))
            page.text(" " + (last["name"]?.words(language) ?? ""))
        }
    }

    private func owners(_ report: JSON) -> String {
        let recorded = report["owners"]?.number("recorded_transfers") ?? 0
        let stated = report["owners"]?["stated_transfers"]?.integerValue
        let most = max(recorded, stated ?? 0)
        return say("过户 \(most) 次", most == 1 ? "1 transfer" : "\(most) transfers")
    }

    /// Entries that prove something bad: they stand out in the timeline, too.
    private var graveEntries: Set<String> {
        let found = (report?.list("findings") ?? []).filter { $0.text("state") == "yes" }
        let bad = found.filter { $0.text("severity") == "critical" }
        return Set(bad.flatMap { $0.list("evidence") }.map { $0.text("entry") })
    }

    // MARK: Verification

    private func writeVerification(_ page: inout HTMLWriter) {
        page.element("section", ["class": "card", "aria-labelledby": "verification"]) { page in
            page.element("h2", ["id": "verification"], say("核验明细", "What was verified"))
            page.element(
                "p",
                ["class": "soft"],
                say(
                    "下面每一项都由您的浏览器重新计算；事件的文字说明和“发现”由平台根据这些记录写成，"
                        + "每个事件下面可以展开账本里的原文。",
                    "Your browser computes each of these anew. The words of the events, and the findings, are written "
                        + "by the platform from these entries; below each event is the text that was hashed."
                )
            )
            proof.writeChecks(sheet, &page)
        }
        page.element("section", ["class": "card", "aria-labelledby": "again"]) { page in
            page.element("h2", ["id": "again"], say("不信任本页？自己再核验一次", "Check it again, without this page"))
            proof.writeSteps(sheet, &page)
            page.element("p") { page in
                page.element("a", ["href": "/v/\(vin)/certificate"], say("打印核验证书（A4）", "Certificate to print (A4)"))
                page.text(" · ")
                page.element("a", ["href": "/v1/vehicles/\(vin)/qr.svg"], say("二维码", "QR code"))
                page.text(" · ")
                page.element("a", ["href": "/docs"], say("接口文档", "API documentation"))
            }
        }
    }
}

/// What a car is called.
enum CarName {
    /// "长安 CS75 2019款 1.8T 尊贵型"; `nil` where nobody stated it.
    static func of(_ report: JSON?) -> String? {
        let identity = report?["identity"]
        let parts = ["make", "series", "model"].compactMap { identity?[$0]?.text("zh") }.filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    static func label(_ name: String, _ language: Language) -> String {
        switch name {
        case "first_registered": language.say("首次登记", "First registered")
        case "energy": language.say("能源", "Energy")
        case "use": language.say("用途", "Use")
        case "color": language.say("颜色", "Colour")
        default: language.say("号牌归属地", "Plate issued in")
        }
    }
}
