import Core
package import Cryptography
package import Storage
package import Web

/// The verbs on API keys. Each is called inside a transaction, and leaves its record in the audit trail there.
package enum APIKeys {
    /// Who makes a key, and what he may give away.
    package enum Issuer: Sendable {
        /// The platform may grant whatever the organisation's kind allows.
        case platform
        /// Others grant what they hold themselves: a key must not be a way to more than it has.
        case holder(of: Set<String>)

        package init(_ principal: Principal) {
            self = principal.role == .admin ? .platform : .holder(of: principal.scopes)
        }
    }

    /// - Returns: the key and its text, which cannot be had again.
    package static func create(
        _ tx: any Transaction,
        for organization: Organization,
        _ draft: APIKey.Draft,
        by issuer: Issuer,
        pepper: SecretBytes,
        from origin: Origin
    ) throws -> (key: APIKey, text: APIKeyText) {
        let faults = FaultCollector()
        let scopes = grant(draft.scopes, for: organization.kind, by: issuer, faults)
        let expiresAt = expiry(draft.expiresAt, at: tx.now, faults)
        try faults.throwIfAny()
        guard try countActive(tx, organization.id) < APIKey.activeMaximum else { throw Failure(.tooManyKeys) }
        let text = APIKeyText.random()
        let key = APIKey(
            id: APIKeyID(at: tx.now),
            organization: organization.id,
            publicID: text.publicID,
            name: draft.name,
            scopes: scopes,
            createdAt: tx.now,
            expiresAt: expiresAt,
            revokedAt: nil,
            lastUsedAt: nil,
            version: 1
        )
        try insert(tx, key, code: text.authenticationCode(pepper: pepper))
        try note(tx, key, .keyCreate, origin, key.creationDetail)
        return (key, text)
    }

    /// - Throws: `notFound`, for another organisation's key too.
    package static func get(
        _ tx: any Transaction,
        _ id: APIKeyID,
        of organization: OrganizationID
    ) throws -> APIKey {
        guard let key = try find(tx, id), key.organization == organization else { throw Failure(.notFound) }
        return key
    }

    /// Revoking it again does nothing, whatever version the caller knows of: what he wants has come about.
    package static func revoke(
        _ tx: any Transaction,
        _ id: APIKeyID,
        of organization: OrganizationID,
        from origin: Origin,
        if precondition: Organizations.Precondition
    ) throws -> APIKey {
        var key = try get(tx, id, of: organization)
        guard key.revokedAt == nil else { return key }
        try precondition(key.entityTag)
        key.revokedAt = tx.now
        key.version += 1
        guard try storeRevocation(tx, key) else { throw Failure(.preconditionFailed) }
        try note(tx, key, .keyRevoke, origin, [])
        return key
    }

    private static func note(
        _ tx: any Transaction,
        _ key: APIKey,
        _ action: Action,
        _ origin: Origin,
        _ detail: [JSON.Member]
    ) throws {
        try AuditTrail.append(
            tx,
            AuditEntry(
                chain: key.organization.text,
                action: action.rawValue,
                origin: origin,
                subject: key.id.text,
                detail: detail
            )
        )
    }
}

extension APIKey {
    fileprivate var creationDetail: [JSON.Member] {
        [
            JSON.Member("expires_at", JSON(expiresAt)),
            JSON.Member("name", JSON(name)),
            JSON.Member("scopes", .array(scopes.names.map(JSON.string))),
        ]
    }
}

// MARK: - What is granted

extension APIKeys {
    private static func grant(
        _ names: [String]?,
        for kind: OrganizationKind,
        by issuer: Issuer,
        _ faults: FaultCollector
    ) -> Set<Scope> {
        guard let names else {
            checkDefaults(of: kind, by: issuer, faults)
            return kind.defaultScopes
        }
        var granted: Set<Scope> = []
        for (index, name) in names.enumerated() {
            guard let scope = Scope(rawValue: name), kind.allowedScopes.contains(scope) else {
                let allowed = kind.allowedScopes.names.joined(separator: ", ")
                faults.add("/scopes/\(index)", "scope_not_allowed", zh: "此类机构可用：\(allowed)", en: "May be: \(allowed)")
                continue
            }
            if !granted.insert(scope).inserted {
                faults.add("/scopes/\(index)", "duplicate", zh: "重复", en: "Stands here twice")
            }
            if !issuer.holds(scope) { faults.addNotHeld("/scopes/\(index)", [scope]) }
        }
        return granted
    }

    private static func checkDefaults(of kind: OrganizationKind, by issuer: Issuer, _ faults: FaultCollector) {
        let missing = kind.defaultScopes.filter { !issuer.holds($0) }
        if !missing.isEmpty { faults.addNotHeld("/scopes", missing) }
    }

    private static func expiry(_ requested: Instant?, at now: Instant, _ faults: FaultCollector) -> Instant {
        let secondsPerDay: Int64 = 86_400
        let standard = now.adding(seconds: APIKey.lifetimeDefaultDays * secondsPerDay).truncatedToMilliseconds
        guard let requested else { return standard }
        let latest = now.adding(seconds: APIKey.lifetimeMaximumDays * secondsPerDay)
        if requested <= now || requested > latest {
            faults.add(
                "/expires_at",
                "out_of_range",
                zh: "须晚于现在，且不超过 \(APIKey.lifetimeMaximumDays) 天",
                en: "Must be in the future, and at most \(APIKey.lifetimeMaximumDays) days from now"
            )
        }
        return requested
    }
}

extension APIKeys.Issuer {
    fileprivate func holds(_ scope: Scope) -> Bool {
        switch self {
        case .platform: true
        case .holder(let scopes): scopes.contains(scope.rawValue)
        }
    }
}

extension FaultCollector {
    fileprivate func addNotHeld(_ pointer: String, _ scopes: Set<Scope>) {
        let names = scopes.names.joined(separator: ", ")
        add(
            pointer,
            "scope_not_held",
            zh: "当前密钥自身没有 \(names)，不能授予",
            en: "This key cannot grant what it does not have: \(names)"
        )
    }
}
