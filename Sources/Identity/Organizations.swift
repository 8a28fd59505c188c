import Core
package import Storage
import Web

/// The verbs on organisations. Each is called inside a transaction, and leaves its record in the audit trail there.
package enum Organizations {
    /// What a caller knows of the resource that he wants to change: `Call.requireIfMatch`, where there is a call.
    package typealias Precondition = (_ currentEntityTag: String?) throws -> Void

    /// - Throws: `organizationExists` where the credit code is taken for this kind. One company may be a dealer and a
    ///   workshop: these are two organisations, with keys of their own.
    package static func create(
        _ tx: any Transaction,
        _ draft: Organization.Draft,
        from origin: Origin
    ) throws -> Organization {
        let organization = try create(tx, draft.kind, draft.name, uscc: draft.uscc.text, from: origin)
        guard let organization else {
            throw Failure(
                .organizationExists,
                faults: [Fault(pointer: "/uscc", code: "taken", detail: ProblemType.organizationExists.title)]
            )
        }
        return organization
    }

    /// The platform's own organisation, the only one without a credit code.
    /// - Returns: `nil` where there is one already.
    static func createPlatform(_ tx: any Transaction, name: String) throws -> Organization? {
        try create(tx, .platform, name, uscc: nil, from: .system)
    }

    private static func create(
        _ tx: any Transaction,
        _ kind: OrganizationKind,
        _ name: String,
        uscc: String?,
        from origin: Origin
    ) throws -> Organization? {
        let organization = Organization(
            id: OrganizationID(at: tx.now),
            kind: kind,
            name: name,
            uscc: uscc,
            signaturesRequired: false,
            suspension: nil,
            version: 1,
            createdAt: tx.now
        )
        guard try insert(tx, organization) else { return nil }
        let detail = [
            JSON.Member("kind", JSON(kind.rawValue)),
            JSON.Member("name", JSON(name)),
            JSON.Member("uscc", .optional(uscc, JSON.string)),
        ]
        try note(tx, organization, .organizationCreate, origin, detail)
        return organization
    }

    /// - Throws: `notFound`.
    package static func get(_ tx: any Transaction, _ id: OrganizationID) throws -> Organization {
        guard let organization = try find(tx, id) else { throw Failure(.notFound) }
        return organization
    }

    package static func update(
        _ tx: any Transaction,
        _ id: OrganizationID,
        _ patch: Organization.Patch,
        from origin: Origin,
        if precondition: Precondition
    ) throws -> Organization {
        try change(tx, id, .organizationUpdate, from: origin, if: precondition) { organization in
            var detail: [JSON.Member] = []
            if let name = patch.name, name != organization.name {
                detail.append(JSON.Member("name", ["from": JSON(organization.name), "to": JSON(name)]))
                organization.name = name
            }
            if let required = patch.signaturesRequired, required != organization.signaturesRequired {
                detail.append(JSON.Member("signatures_required", .bool(required)))
                organization.signaturesRequired = required
            }
            return detail.isEmpty ? nil : detail
        }
    }

    /// None of its keys works from here on. Suspending it again changes nothing, its reason included.
    package static func suspend(
        _ tx: any Transaction,
        _ id: OrganizationID,
        reason: String,
        from origin: Origin,
        if precondition: Precondition
    ) throws -> Organization {
        let now = tx.now
        return try change(tx, id, .organizationSuspend, from: origin, if: precondition) { organization in
            guard organization.kind != .platform else { throw Failure(.platformNotSuspendable) }
            guard organization.suspension == nil else { return nil }
            organization.suspension = Organization.Suspension(since: now, reason: reason)
            return [JSON.Member("reason", JSON(reason)), JSON.Member("suspended", true)]
        }
    }

    package static func reinstate(
        _ tx: any Transaction,
        _ id: OrganizationID,
        from origin: Origin,
        if precondition: Precondition
    ) throws -> Organization {
        try change(tx, id, .organizationSuspend, from: origin, if: precondition) { organization in
            guard organization.suspension != nil else { return nil }
            organization.suspension = nil
            return [JSON.Member("suspended", false)]
        }
    }

    /// - Parameter edit: makes the change and says what the trail is to know of it, or `nil` where nothing changes.
    private static func change(
        _ tx: any Transaction,
        _ id: OrganizationID,
        _ action: Action,
        from origin: Origin,
        if precondition: Precondition,
        _ edit: (inout Organization) throws -> [JSON.Member]?
    ) throws -> Organization {
        let current = try get(tx, id)
        try precondition(current.entityTag)
        var organization = current
        guard let detail = try edit(&organization) else { return current }
        organization.version += 1
        guard try update(tx, organization, replacing: current.version) else {
            // Another instance was faster between our look and our write.
            throw Failure(.preconditionFailed)
        }
        try note(tx, organization, action, origin, detail)
        return organization
    }

    private static func note(
        _ tx: any Transaction,
        _ organization: Organization,
        _ action: Action,
        _ origin: Origin,
        _ detail: [JSON.Member]
    ) throws {
        try AuditTrail.append(
            tx,
            AuditEntry(
                chain: organization.id.text,
                action: action.rawValue,
                origin: origin,
                subject: organization.id.text,
                detail: detail
            )
        )
    }
}
