import Core
import Identity
import Warranty

extension StoredComplaint {
    /// The facts that it has are all that it is: their number says which version this is.
    var entityTag: String { Identity.entityTag(version: version, ["complaint": JSON(complaint.id)]) }

    /// Staff sees everything, the customer what he said, what was promised and what was done about it.
    func json(for caller: Caller, _ clocks: [ClockReading], at now: Instant) -> JSON {
        let reader = caller.timelineReader
        let entries = facts.compactMap { $0.entry(for: reader) }
        let members: [JSON.Member] = [
            .init("text", .optional(facts.first?.why) { JSON($0) }),
            .init("goodwill", given.json),
            .init("clocks", .array(clocks.map { $0.json(for: reader, at: now) })),
            .init("entries", .array(entries)),
        ]
        return .object(common + members + (reader == .staff ? inner : []))
    }

    func listed(for caller: Caller) -> JSON {
        .object(common + (caller.timelineReader == .staff ? inner : []))
    }

    private var common: [JSON.Member] {
        [
            .init("id", JSON(complaint.id)),
            .init("category", JSON(complaint.category.rawValue)),
            .init("category_name", complaint.category.name.json),
            .init("vin", .optional(complaint.vin) { JSON($0.text) }),
            .init("dealer", .optional(complaint.dealer) { JSON($0) }),
            .init("component", .optional(complaint.component) { JSON($0) }),
            .init("filed_at", JSON(complaint.at)),
            .init("is_open", .bool(isOpen)),
            .init("version", .integer(version)),
        ]
    }

    private var inner: [JSON.Member] {
        [
            .init("customer", JSON(complaint.customer)),
            .init("root", JSON(root)),
            .init("severity", JSON(severity.rawValue)),
            .init("signs", .array(complaint.signs.map(\.rawValue).sorted().map { JSON($0) })),
            .init("level", JSON(level.rawValue)),
            .init("handler", .optional(handler) { JSON($0) }),
            .init("breaches", .integer(breaches)),
        ]
    }
}

extension ComplaintFact {
    /// `nil` where it is none of the reader's business.
    fileprivate func entry(for reader: TimelineReader) -> JSON? {
        guard reader == .staff || body.isShownToCustomer else { return nil }
        return [
            "number": .integer(number),
            "at": JSON(at),
            "kind": JSON(body.kind.rawValue),
            "what": body.text.json,
            "words": .optional(why) { JSON($0) },
            "actor": reader == .staff ? JSON(by.id) : .null,
        ]
    }
}

extension ComplaintFact.Body {
    /// How it went is the customer's business; what was noted, and who was late, is for those who work here.
    fileprivate var isShownToCustomer: Bool {
        switch self {
        case .filed, .met, .goodwill, .closed: true
        case .clockMarked, .assigned, .noted, .linked: false
        }
    }

    fileprivate var text: LocalizedText {
        switch self {
        case .filed: LocalizedText(zh: "提交投诉", en: "The complaint was filed")
        case .met(let clock): LocalizedText(zh: "已完成：\(clock.name.zh)", en: "Done: \(clock.name.en)")
        case .clockMarked(let mark):
            LocalizedText(
                zh: "\(mark.clock.name.zh)时限已过 \(mark.percent)%，提示\(mark.level.name.zh)",
                en: "\(mark.percent) % of the time for the \(mark.clock.name.en) is over: to the \(mark.level.name.en)"
            )
        case .assigned(let person): LocalizedText(zh: "交由 \(person) 办理", en: "Given to \(person)")
        case .noted: LocalizedText(zh: "内部备注", en: "Internal note")
        case .linked(let root): LocalizedText(zh: "与 \(root) 同一起因", en: "Of the same cause as \(root)")
        case .goodwill(let amount): LocalizedText(zh: "致歉补偿 \(amount.yuan) 元", en: "Goodwill of \(amount.yuan) yuan")
        case .closed: LocalizedText(zh: "结案", en: "Closed")
        }
    }
}

extension Batch {
    var json: JSON {
        [
            "of": key.json, "complaints": .array(complaints.map { JSON($0) }), "from": JSON(from), "to": JSON(to),
        ]
    }
}
