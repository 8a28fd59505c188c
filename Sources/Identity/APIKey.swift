package import Core

package enum APIKeyTag: IDTag {
    package static let prefix = "key"
}

package typealias APIKeyID = ID<APIKeyTag>

/// A credential of an organisation, as far as it may be shown. Its secret is in nobody's hands but the caller's.
package struct APIKey: Sendable, Hashable {
    package let id: APIKeyID
    package let organization: OrganizationID
    /// The ten characters by which the key's holder and the store both know it.
    package let publicID: String
    package let name: String
    package let scopes: Set<Scope>
    package let createdAt: Instant
    package let expiresAt: Instant
    package var revokedAt: Instant?
    /// To the hour: see `KeyAuthenticator`.
    package let lastUsedAt: Instant?
    package var version: Int64

    package static let nameLength = 1...100
    /// What a key lives that asks for nothing, in days.
    package static let lifetimeDefaultDays: Int64 = 365
    /// What it may live at the most: people who hold a key leave, and machines are thrown away.
    package static let lifetimeMaximumDays: Int64 = 730
    /// Working keys that an organisation may have at a time: enough for every system and a rotation with overlap.
    package static let activeMaximum: Int64 = 100
}

extension APIKey {
    package var json: JSON { .object(members) }

    /// The one answer that shows the secret.
    package func json(showing text: APIKeyText) -> JSON {
        var members = members
        members.insert(JSON.Member("secret", JSON(text.secret)), at: 1)
        return .object(members)
    }

    package var entityTag: String { Identity.entityTag(version: version, json) }

    private var members: [JSON.Member] {
        [
            JSON.Member("id", JSON(id)),
            JSON.Member("name", JSON(name)),
            JSON.Member("prefix", JSON(APIKeyText.prefix + publicID)),
            JSON.Member("scopes", .array(scopes.names.map(JSON.string))),
            JSON.Member("created_at", JSON(createdAt)),
            JSON.Member("expires_at", JSON(expiresAt)),
            JSON.Member("revoked_at", .optional(revokedAt) { JSON($0) }),
            JSON.Member("last_used_at", .optional(lastUsedAt) { JSON($0) }),
        ]
    }
}

// MARK: - Request

extension APIKey {
    /// A key that is asked for. Which scopes it may have depends on whose it becomes, so that the verb looks at them.
    package struct Draft: Sendable, Hashable {
        package let name: String
        /// `nil` for those of its organisation's kind.
        package let scopes: [String]?
        /// `nil` for the default lifetime.
        package let expiresAt: Instant?

        package init(name: String, scopes: [String]? = nil, expiresAt: Instant? = nil) {
            self.name = name
            self.scopes = scopes
            self.expiresAt = expiresAt
        }

        package init(reading json: JSON) throws {
            var reader = try ObjectReader(json)
            let name = reader.line("name", length: APIKey.nameLength)
            let scopes = reader.strings("scopes", count: 1...Scope.allCases.count)
            let expiresAt = reader.instant("expires_at", required: false)
            reader.refuseUnknownMembers()
            try reader.faults.throwIfAny()
            guard let name else { throw Failure(.invalidRequest) }
            self.init(name: name, scopes: scopes, expiresAt: expiresAt?.truncatedToMilliseconds)
        }
    }
}

extension ObjectReader {
    /// An optional array of strings.
    fileprivate mutating func strings(_ name: String, count: ClosedRange<Int>) -> [String]? {
        guard let elements = array(name, count: count, required: false) else { return nil }
        for (index, element) in elements.enumerated() where element.stringValue == nil {
            faults.add("\(pointer(to: name))/\(index)", "wrong_type", zh: "须为字符串", en: "Must be a string")
        }
        return elements.compactMap(\.stringValue)
    }
}
