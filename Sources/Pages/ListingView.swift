import Core
import History
import Imaging
import Listings
import Valuation
import Web

/// One car as its dealer sees it.
struct ListingView {
    let sheet: Sheet
    let state: FormState
    let listing: Listing
    /// `nil` where nothing is recorded.
    let report: JSON?
    let obstacles: [Fault]
    let mayChange: Bool
    let done: String?

    private var language: Language { sheet.language }

    private func say(_ zh: String, _ en: String) -> String { sheet.say(zh, en) }

    func write(_ page: inout HTMLWriter) {
        writeDone(&page)
        page.element("p", ["class": "under-title"]) { page in
            let status = listing.status
            page.element("span", ["class": "badge \(status.rawValue)"], Words.status(status, language))
            page.text(" ")
            page.element("code", ["class": "vin"], listing.vin.text)
        }
        writeRefusal(&page)
        page.element("div", ["class": "columns"]) { page in
            page.element("div") { page in
                writeReadiness(&page)
                writeAppraisal(&page)
                writeHistory(&page)
                writeWithdrawal(&page)
            }
            page.element("div") { page in
                writePhoto(&page)
                writeContent(&page)
                writeDisclosures(&page)
            }
        }
    }

    private func writeDone(_ page: inout HTMLWriter) {
        switch done {
        case "published": page.done(say("已发布，买家现在可以看到。", "Published: buyers see it now."))
        case "withdrawn": page.done(say("已下架。", "Withdrawn."))
        default: break
        }
    }

    /// Faults of the content stand in the checklist, each where it belongs.
    private func writeRefusal(_ page: inout HTMLWriter) {
        guard var shown = state.failure else { return }
        if shown.type == .listingRefused {
            shown = Failure(
                shown.type,
                zh: "未能发布：还有 \(obstacles.count) 项须先处理，见下方清单。",
                en: "Not published: \(obstacles.count) to be mended first, see the list below."
            )
        }
        var state = state
        state.failure = shown
        page.refusal(state, fields: ["reason"])
    }

    // MARK: What stands in the way

    private func writeReadiness(_ page: inout HTMLWriter) {
        guard listing.status != .sold else { return }
        page.element("section", ["class": "card", "aria-labelledby": "readiness"]) { page in
            page.element("h2", ["id": "readiness"], say("发布检查", "Ready to publish?"))
            let isOffered = listing.status.isLive
            let summary =
                obstacles.isEmpty
                ? isOffered
                    ? say("在售，符合发布规则。", "Offered, and within the rules.") : say("可以发布。", "Nothing stands in the way.")
                : say("还有 \(obstacles.count) 项须先处理：", "To be mended first: \(obstacles.count)")
            page.element("p", summary)
            page.element("ul", ["class": "checklist"]) { page in
                for area in ListingArea.allCases { write(area, &page) }
            }
            if mayChange, !isOffered { writePublication(&page) }
        }
    }

    private func write(_ area: ListingArea, _ page: inout HTMLWriter) {
        let faults = obstacles.filter { ListingArea(pointer: $0.pointer) == area }
        page.element("li", ["class": faults.isEmpty ? "fulfilled" : "open"]) { page in
            page.element("p") { page in
                page.element("span", ["class": "mark", "aria-hidden": "true"], faults.isEmpty ? "✓" : "!")
                page.element("strong", area.name(language))
                let count = faults.count
                page.text(faults.isEmpty ? say("：符合", ": fine") : say("：\(count) 项待处理", ": \(count) open"))
            }
            guard !faults.isEmpty else { return }
            page.element("ul") { page in
                for fault in faults { page.element("li", fault.sentence(language)) }
            }
        }
    }

    private func writePublication(_ page: inout HTMLWriter) {
        page.element("form", ["method": "post", "action": "/dealer/listings/\(listing.id)/publish"]) { page in
            page.hidden("tag", listing.entityTag)
            page.submit(say("发布", "Publish"))
        }
    }

    private func writeWithdrawal(_ page: inout HTMLWriter) {
        guard mayChange, listing.status.isLive else { return }
        page.element("section", ["class": "card", "id": "withdraw", "aria-labelledby": "withdrawal"]) { page in
            page.element("h2", ["id": "withdrawal"], say("下架", "Withdraw"))
            page.element("form", ["method": "post", "action": "/dealer/listings/\(listing.id)/withdraw"]) { page in
                page.hidden("tag", listing.entityTag)
                page.field(Field(name: "reason", label: say("原因（会留在记录里）", "Why (stays on record)")), state)
                page.element("p") { $0.element("button", ["class": "danger"], say("下架", "Withdraw")) }
            }
        }
    }

    // MARK: The price

    /// What buyers are told of it.
    private func writeAppraisal(_ page: inout HTMLWriter) {
        guard let appraisal = listing.appraisal else { return }
        let verdict = appraisal.verdict(on: listing.content.total)
        page.element("section", ["class": "card", "aria-labelledby": "appraisal"]) { page in
            page.element("h2", ["id": "appraisal"], say("标价与估价", "The price against the estimate"))
            page.element("p", verdict.sentence.text(in: language))
            page.element("p", ["class": "soft"]) { page in
                let day = appraisal.valuedOn
                page.text(say("买家看到的就是这句话。估价日 \(day)，", "Buyers read this. Valued on \(day): "))
                page.element("a", ["href": "/price?estimate=\(appraisal.estimate)"], say("看依据", "the reasons"))
            }
        }
    }

    // MARK: History

    private func writeHistory(_ page: inout HTMLWriter) {
        page.element("section", ["class": "card", "aria-labelledby": "history"]) { page in
            page.element("h2", ["id": "history"], say("车辆历史", "The car's history"))
            guard let report else {
                page.element(
                    "p",
                    ["class": "verdict nothing_recorded"],
                    say("这辆车还没有任何记录，好坏都无从判断。", "Nothing is recorded about this car, good or bad.")
                )
                return
            }
            let headline = report["headline"] ?? .null
            page.element("p", ["class": "verdict \(headline.text("level"))"], headline.words(language))
            let findings = report.list("findings").filter { $0.text("state") == "yes" }
            if !findings.isEmpty {
                page.element("ul", ["class": "findings"]) { page in
                    for finding in findings { page.element("li") { write(finding, &$0) } }
                }
            }
            writeOpenQuestions(report, &page)
            page.element("p", ["class": "soft"]) { page in
                let count = report.number("entries")
                page.text(say("共 \(count) 条记录。", "Entries: \(count). "))
                page.element(
                    "a",
                    ["href": "/v1/vehicles/\(listing.vin.text)/odometer.svg"],
                    say("里程曲线", "Odometer chart")
                )
                page.text(" · ")
                let car = listing.vin.text
                page.element("a", ["href": "/v/\(car)"], say("买家扫码看到的页面", "What a buyer sees by the code"))
                page.text(" · ")
                page.element("a", ["href": "/v1/vehicles/\(car)/qr.svg"], say("二维码", "QR code"))
            }
        }
    }

    private func write(_ finding: JSON, _ page: inout HTMLWriter) {
        let severity = finding.text("severity")
        let name: String =
            switch severity {
            case "critical": say("严重", "Serious")
            case "warning": say("留意", "Attention")
            default: say("说明", "Note")
            }
        page.element("span", ["class": "badge \(severity)"], name)
        page.text(" " + (finding["sentence"]?.words(language) ?? ""))
    }

    private func writeOpenQuestions(_ report: JSON, _ page: inout HTMLWriter) {
        let open = report.list("findings").filter {
            $0.text("state") == "not_known" && $0.text("severity") == "warning"
        }
        guard !open.isEmpty else { return }
        page.element("details") { page in
            page.element("summary", say("没有人说明的 \(open.count) 项", "Nobody has answered: \(open.count)"))
            page.element("ul") { page in
                for finding in open { page.element("li", finding["label"]?.words(language) ?? "") }
            }
        }
    }

    // MARK: Content

    /// The first, where the listing has any.
    private func writePhoto(_ page: inout HTMLWriter) {
        guard let photo = listing.photos.first else { return }
        let (title, count) = (listing.content.title, listing.photos.count)
        page.element("figure", ["class": "photo"]) { page in
            page.element(
                "img",
                [
                    "src": photo.image.path, "width": "\(photo.image.size.width)",
                    "height": "\(photo.image.size.height)",
                    "alt": say("\(title)，共 \(count) 张照片", "\(title), photos: \(count)"), "loading": "lazy",
                ]
            )
        }
    }

    private func writeContent(_ page: inout HTMLWriter) {
        let content = listing.content
        let vehicle = content.vehicle
        let kind = content.price.kind == .onePrice ? say("一口价", "one price") : say("标价", "asking price")
        var facts: [(name: String, value: String)] = [
            (say("价格", "Price"), "\(Words.price(content.price.amount))（\(kind)）")
        ]
        for fee in content.fees { facts.append((fee.name, Words.price(fee.amount))) }
        if !content.fees.isEmpty { facts.append((say("合计", "In all"), Words.price(content.total))) }
        facts.append((say("里程", "Odometer"), PlainNumbers.kilometres(content.odometerKm).text(in: language)))
        let optional: [(String, String?)] = [
            (say("品牌车系", "Make and series"), [vehicle.make, vehicle.series].compactMap { $0 }.joined(separator: " ")),
            (say("车型", "Model"), vehicle.model),
            (say("首次登记", "First registered"), vehicle.firstRegisteredOn?.description),
            (say("颜色", "Colour"), vehicle.color),
            (say("看车地点", "Where"), content.location.map { "\($0.province.label.text(in: language)) \($0.city)" }),
            (say("库存号", "Number"), content.stock?.number),
            (say("入库日期", "In stock since"), content.stock?.since?.description),
        ]
        for (name, value) in optional {
            if let value, !value.isEmpty { facts.append((name, value)) }
        }
        page.element("section", ["class": "card", "aria-labelledby": "content"]) { page in
            page.element("h2", ["id": "content"], say("车源内容", "What is offered"))
            page.facts(facts)
            if let text = content.text { page.element("p", ["class": "text"], text) }
        }
    }

    private func writeDisclosures(_ page: inout HTMLWriter) {
        page.element("section", ["class": "card", "aria-labelledby": "disclosures"]) { page in
            page.element("h2", ["id": "disclosures"], say("如实告知", "What the seller discloses"))
            page.element("dl", ["class": "facts wide"]) { page in
                for disclosure in Disclosure.allCases {
                    let answer = listing.content.disclosures[disclosure]
                    page.element("div") { page in
                        page.element("dt", disclosure.label.text(in: language))
                        page.element(
                            "dd",
                            ["class": "answer \(answer?.rawValue ?? "none")"],
                            Words.answer(answer?.rawValue, language)
                        )
                    }
                }
            }
        }
    }
}

/// What the checklist is ordered by. Every fault belongs to one.
enum ListingArea: CaseIterable {
    case vehicle
    case details
    case disclosures
    case description
    case odometer

    init(pointer: String) {
        switch pointer.split(separator: "/").first {
        case "vin", "mortgage_consent", "recall_notice": self = .vehicle
        case "disclosures": self = .disclosures
        case "title", "text": self = .description
        case "odometer_km": self = .odometer
        default: self = .details
        }
    }

    func name(_ language: Language) -> String {
        switch self {
        case .vehicle: language.say("车辆可以交易", "The car may be traded")
        case .details: language.say("基本信息", "What it is")
        case .disclosures: language.say("如实告知", "Disclosures")
        case .description: language.say("标题和描述", "Title and text")
        case .odometer: language.say("里程", "Odometer")
        }
    }
}
