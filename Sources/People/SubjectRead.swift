package import Core

/// What somebody's data is looked at for. The raw value is stored.
package enum ReadPurpose: String, Sendable, Hashable, CaseIterable {
    case customerService = "customer_service"
    case claimHandling = "claim_handling"
    case payment
    case dispute
    case riskControl = "risk_control"
    /// A court or another body asks for it that may.
    case legalRequest = "legal_request"
    /// The person asks for it.
    case subjectRequest = "subject_request"
    /// The platform's own: a message goes to the person.
    case delivery
    /// The platform's own: the person signs in.
    case signIn = "sign_in"

    /// Whether a caller may give it as his; the others are the platform's own.
    package var isCallers: Bool { self != .delivery && self != .signIn }
}

/// A line of the log of reads. It says which fields, and never what was in them.
package struct SubjectRead: Sendable, Hashable {
    /// From 1, without a gap.
    package let seq: Int64
    package let at: Instant
    package let fields: [String]
    package let purpose: String
    package let reason: String?
    package let organization: String?
    package let credential: String?
    package let requestID: String?

    package var json: JSON {
        [
            "seq": .integer(seq),
            "at": JSON(at),
            "fields": .array(fields.map(JSON.string)),
            "purpose": JSON(purpose),
            "reason": .optional(reason, JSON.string),
            "organization": .optional(organization, JSON.string),
            "credential": .optional(credential, JSON.string),
            "request_id": .optional(requestID, JSON.string),
        ]
    }
}
