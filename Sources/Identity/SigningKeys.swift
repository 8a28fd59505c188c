import Core
package import Cryptography
package import Storage
import Web

/// The verbs on signing keys, and what History looks up. The verbs leave their records in the audit trail.
package enum SigningKeys {
    /// What an organisation's submissions are held to.
    package struct Standing: Sendable, Hashable {
        package let signaturesRequired: Bool
        /// The keys that may sign now, by identifier.
        package let active: [String: Ed25519.PublicKey]
    }

    /// - Throws: `notASource`, `tooManyKeys`, or `signingKeyExists`: a revoked key does not come back either, for
    /// nobody   knows who has it by now.
    package static func create(
        _ tx: any Transaction,
        for organization: Organization,
        _ draft: SigningKey.Draft,
        from origin: Origin
    ) throws -> SigningKey {
        guard organization.kind.isSource else { throw Failure(.notASource) }
        guard try countActive(tx, organization.id) < SigningKey.activeMaximum else { throw Failure(.tooManyKeys) }
        let key = SigningKey(
            id: SigningKeyID(at: tx.now),
            organization: organization.id,
            publicKey: draft.publicKey,
            name: draft.name,
            createdAt: tx.now,
            revokedAt: nil,
            version: 1
        )
        guard try insert(tx, key) else {
            throw Failure(
                .signingKeyExists,
                faults: [Fault(pointer: "/public_key", code: "taken", detail: ProblemType.signingKeyExists.title)]
            )
        }
        let detail = [
            JSON.Member("name", JSON(key.name)),
            JSON.Member("public_key", JSON(Base64.encode(key.publicKey.bytes))),
        ]
        try note(tx, key, .signingKeyCreate, origin, detail)
        return key
    }

    /// - Throws: `notFound`, for another organisation's key too.
    package static func get(
        _ tx: any Transaction,
        _ id: SigningKeyID,
        of organization: OrganizationID
    ) throws -> SigningKey {
        guard let key = try find(tx, id: id.text), key.organization == organization else { throw Failure(.notFound) }
        return key
    }

    /// Revoking it again does nothing, whatever version the caller knows of.
    package static func revoke(
        _ tx: any Transaction,
        _ id: SigningKeyID,
        of organization: OrganizationID,
        from origin: Origin,
        if precondition: Organizations.Precondition
    ) throws -> SigningKey {
        var key = try get(tx, id, of: organization)
        guard key.revokedAt == nil else { return key }
        try precondition(key.entityTag)
        key.revokedAt = tx.now
        key.version += 1
        guard try storeRevocation(tx, key) else { throw Failure(.preconditionFailed) }
        try note(tx, key, .signingKeyRevoke, origin, [])
        return key
    }

    /// What submissions in the name of `organization` are held to at this moment. An organisation that does not exist
    /// has no keys and demands nothing.
    package static func standing(_ tx: any Transaction, organization: String) throws -> Standing {
        let row = try tx.first("SELECT signatures_required FROM organization WHERE id = \(organization)")
        let keys = try active(tx, organization: organization)
        return Standing(
            signaturesRequired: try row.map { try $0.integer(0) != 0 } ?? false,
            active: Dictionary(keys.map { ($0.id.text, $0.publicKey) }) { first, _ in first }
        )
    }

    private static func note(
        _ tx: any Transaction,
        _ key: SigningKey,
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
