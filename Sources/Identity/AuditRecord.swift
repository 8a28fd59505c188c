package import Core
import Cryptography
import HTTPTypes
package import Web

/// From where something was asked: what every record of the audit trail says about its author.
package struct Origin: Sendable, Hashable {
    /// `org_…` of the caller.
    package let organization: String?
    /// `key_…`
    package let credential: String?
    package let requestID: String?
    package let method: String?
    /// The endpoint's template, never the filled-in path: VINs stay out of the trail.
    package let route: String?

    package init(
        organization: String?,
        credential: String?,
        requestID: String?,
        method: String? = nil,
        route: String? = nil
    ) {
        self.organization = organization
        self.credential = credential
        self.requestID = requestID
        self.method = method
        self.route = route
    }

    package init(_ call: Call) {
        self.init(
            organization: call.principal?.organization,
            credential: call.principal?.credential,
            requestID: call.requestID,
            method: call.endpoint.method.rawValue,
            route: call.endpoint.path
        )
    }

    /// The operator at the machine, and what the service does by itself.
    package static let system = Origin(organization: nil, credential: nil, requestID: nil)
}

/// Something that was done or refused, before the trail has placed it.
package struct AuditEntry: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        case done
        case refused(status: Int?, code: String)

        var status: Int? {
            guard case .refused(let status, _) = self else { return nil }
            return status
        }

        var code: String? {
            guard case .refused(_, let code) = self else { return nil }
            return code
        }
    }

    /// Whose trail it goes into: the organisation that it concerns, which need not be the one that did it.
    package let chain: String
    /// An `Action`, or what else happened, in its form.
    package let action: String
    package let origin: Origin
    package let outcome: Outcome
    /// The identifier of what it was done to.
    package let subject: String?
    /// What a reader of the trail wants to know besides. Never a secret, never personal data.
    package let detail: [JSON.Member]

    package init(
        chain: String,
        action: String,
        origin: Origin,
        outcome: Outcome = .done,
        subject: String?,
        detail: [JSON.Member] = []
    ) {
        self.chain = chain
        self.action = action
        self.origin = origin
        self.outcome = outcome
        self.subject = subject
        self.detail = detail
    }

    /// The text that is stored and hashed: canonical, so that one record has one text. Every member is always there.
    func record(at instant: Instant, seq: Int64, previous: Digest) -> [UInt8] {
        let json: JSON = [
            "action": JSON(action),
            "at": JSON(instant),
            "chain": JSON(chain),
            "code": .optional(outcome.code, JSON.string),
            "credential": .optional(origin.credential, JSON.string),
            "detail": .object(detail),
            "method": .optional(origin.method, JSON.string),
            "organization": .optional(origin.organization, JSON.string),
            "outcome": outcome == .done ? "done" : "refused",
            "prev": JSON(previous.hex),
            "request_id": .optional(origin.requestID, JSON.string),
            "route": .optional(origin.route, JSON.string),
            "seq": .integer(seq),
            "status": .optional(outcome.status) { JSON($0) },
            "subject": .optional(subject, JSON.string),
        ]
        return json.canonicalBytes
    }
}
