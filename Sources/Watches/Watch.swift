package import Core
package import Identity

package enum WatchTag: IDTag {
    package static let prefix = "wch"
}

package typealias WatchID = ID<WatchTag>

/// That an organisation is told what happens.
package struct Watch: Sendable, Hashable {
    /// Of what it is told.
    package enum Subject: Sendable, Hashable {
        case vehicle(VIN)
        /// Every car that its organisation, a dealer, has on offer.
        case stock
        /// What slices have to say to the organisation, by these types.
        case notices([String])

        package enum Kind: String, Sendable, CaseIterable {
            case vehicle
            case stock
            case notices
        }

        package var kind: Kind {
            switch self {
            case .vehicle: .vehicle
            case .stock: .stock
            case .notices: .notices
            }
        }

        var vin: VIN? {
            guard case .vehicle(let vin) = self else { return nil }
            return vin
        }

        var types: [String]? {
            guard case .notices(let types) = self else { return nil }
            return types
        }
    }

    /// Whether anything is sent. What happens meanwhile is kept, and sent in its order later.
    package enum State: Sendable, Hashable {
        case active
        case paused
        case disabled(Reason)

        package enum Reason: String, Sendable, Hashable, CaseIterable {
            /// The receiver answered 410.
            case gone
            /// Nothing was accepted for `WatchLimits.failingSeconds`.
            case failing
        }

        var name: String {
            switch self {
            case .active: "active"
            case .paused: "paused"
            case .disabled: "disabled"
            }
        }

        var reason: Reason? {
            guard case .disabled(let reason) = self else { return nil }
            return reason
        }
    }

    package let id: WatchID
    package let organization: OrganizationID
    package let subject: Subject
    package internal(set) var name: String?
    package internal(set) var url: String?
    package internal(set) var state: State
    package internal(set) var stateSince: Instant
    package internal(set) var failingSince: Instant?
    var secrets: SealedSecrets
    /// Of the delivery that was made last.
    package let sequence: Int64
    package internal(set) var version: Int64
    package let createdAt: Instant

    /// What its deliveries are signed with, as it is stored.
    struct SealedSecrets: Sendable, Hashable {
        var current: [UInt8]
        var former: Former?

        struct Former: Sendable, Hashable {
            let sealed: [UInt8]
            let until: Instant
        }

        func former(at now: Instant) -> Former? {
            former.flatMap { now < $0.until ? $0 : nil }
        }
    }
}

extension Watch {
    /// - Parameter now: decides whether the former secret still signs.
    package func json(at now: Instant) -> JSON { .object(members(at: now)) }

    /// The answers that show a secret: to a new watch, and to a rotation.
    func json(at now: Instant, showing secret: WebhookSecret) -> JSON {
        var members = members(at: now)
        members.insert(JSON.Member("secret", JSON(secret.text)), at: 1)
        return .object(members)
    }

    func entityTag(at now: Instant) -> String { Identity.entityTag(version: version, json(at: now)) }

    private func members(at now: Instant) -> [JSON.Member] {
        [
            JSON.Member("id", JSON(id)),
            JSON.Member("kind", JSON(subject.kind.rawValue)),
            JSON.Member("vin", .optional(subject.vin) { JSON($0.text) }),
            JSON.Member("types", .optional(subject.types) { .array($0.map(JSON.string)) }),
            JSON.Member("name", .optional(name, JSON.string)),
            JSON.Member("url", .optional(url, JSON.string)),
            JSON.Member("state", JSON(state.name)),
            JSON.Member("state_reason", .optional(state.reason) { JSON($0.rawValue) }),
            JSON.Member("state_since", JSON(stateSince)),
            JSON.Member("failing_since", .optional(failingSince) { JSON($0) }),
            JSON.Member("former_secret_until", .optional(secrets.former(at: now)) { JSON($0.until) }),
            JSON.Member("created_at", JSON(createdAt)),
        ]
    }
}
