package import Core
import Cryptography
package import Identity
package import Web

package enum SessionTag: IDTag {
    package static let prefix = "ses"
}

package typealias SessionID = ID<SessionTag>

/// That somebody has signed in somewhere.
package struct Session: Sendable, Hashable {
    package let id: SessionID
    package let person: PersonID
    package let times: SessionTimes
    /// What the person recognises it by.
    package let device: String?
    package let end: End?

    package struct End: Sendable, Hashable {
        package let at: Instant
        package let reason: EndReason
    }

    package enum EndReason: String, Sendable, Hashable, CaseIterable {
        case signedOut = "signed_out"
        /// Ended from another session of the same person, or by whoever manages people.
        case revoked
        case passwordChanged = "password_changed"
        case secondFactorReset = "second_factor_reset"
        case suspended
    }

    /// Sessions of one person that are kept at the same time: the oldest makes room for a new one.
    package static let liveMaximum = 20
    static let deviceLength = 120

    package func json(_ policy: SessionPolicy, isCurrent: Bool) -> JSON {
        [
            "id": JSON(id),
            "device": .optional(device, JSON.string),
            "created_at": JSON(times.createdAt),
            "last_used_at": JSON(times.lastUsedAt),
            "expires_at": JSON(policy.endsAt(times)),
            "stepped_up_until": .optional(times.provedAt) { JSON($0.adding(seconds: policy.stepUpSeconds)) },
            "current": .bool(isCurrent),
        ]
    }

    /// The product names of a `User-Agent`, cut short: enough to tell a phone from the computer in the shop.
    package static func device(userAgent: String?) -> String? {
        guard let userAgent else { return nil }
        let visible = userAgent.unicodeScalars.filter { (" "..."~").contains($0) }.prefix(deviceLength)
        return visible.isEmpty ? nil : String(String.UnicodeScalarView(visible))
    }
}

extension SessionPolicy {
    package static func of(_ role: Role) -> SessionPolicy { role == .buyer ? .buyer : .staff }
}
