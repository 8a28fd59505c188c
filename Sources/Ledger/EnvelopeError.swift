package import Core

/// A member of the envelope, by its name in the text.
package enum EnvelopeMember: String, Sendable, Hashable, CaseIterable {
    case corrects
    case key
    case kind
    case log
    case occurredAt = "occurred_at"
    case payload
    case previous = "prev"
    case recordedAt = "recorded_at"
    case ref
    case seq
    case signature = "sig"
    case source
    case version = "v"
    case vin
}

/// Why bytes are not the canonical form of a version 1 envelope.
package enum EnvelopeError: Error, Sendable, Hashable {
    /// Where this member belongs in the canonical order stands something else, or nothing. A value of another type
    /// counts as something else.
    case misplaced(EnvelopeMember)
    /// The member stands where it belongs, and its value is not one that the format allows.
    case wrongValue(EnvelopeMember)
    /// The bytes begin or end otherwise than one JSON object does.
    case notOneObject

    package var member: EnvelopeMember? {
        switch self {
        case .misplaced(let member), .wrongValue(let member): member
        case .notOneObject: nil
        }
    }

    package var explanation: LocalizedText {
        switch self {
        case .misplaced(let member):
            LocalizedText(
                zh: "在规范次序中应为成员 \(member.rawValue) 的位置上没有该成员",
                en: "the member \(member.rawValue) is not where the canonical order puts it"
            )
        case .wrongValue(let member):
            LocalizedText(
                zh: "成员 \(member.rawValue) 的值不符合格式",
                en: "the value of the member \(member.rawValue) is not allowed"
            )
        case .notOneObject:
            LocalizedText(zh: "不是单独一个 JSON 对象", en: "it is not exactly one JSON object")
        }
    }
}
