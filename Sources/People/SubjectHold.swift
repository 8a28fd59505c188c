package import Core
package import Identity
package import Storage
import Web

package enum SubjectHoldTag: IDTag {
    package static let prefix = "hld"
}

package typealias SubjectHoldID = ID<SubjectHoldTag>

/// Why a person's data has to be kept for now: a claim that is open, a term that a law sets, a court's order. While one
/// stands, nothing is erased.
package struct SubjectHold: Sendable, Hashable {
    package let id: SubjectHoldID
    package let subject: SubjectID
    package let reason: String
    /// The provision that it rests on, in words.
    package let legalBasis: String
    package let placedAt: Instant
    /// `key_…`; `nil` for the operator at the machine.
    package let placedBy: String?
    package var release: Release?

    package struct Release: Sendable, Hashable {
        package let at: Instant
        package let by: String?
        package let reason: String
    }

    package var json: JSON {
        [
            "id": JSON(id),
            "subject": JSON(subject),
            "reason": JSON(reason),
            "legal_basis": JSON(legalBasis),
            "placed_at": JSON(placedAt),
            "placed_by": .optional(placedBy, JSON.string),
            "released_at": .optional(release?.at) { JSON($0) },
            "released_by": .optional(release?.by, JSON.string),
            "release_reason": .optional(release?.reason, JSON.string),
        ]
    }
}

package enum SubjectHolds {
    /// - Throws: `notFound`, `subjectErased`.
    package static func place(
        _ tx: any Transaction,
        on subject: SubjectID,
        reason: String,
        legalBasis: String,
        from origin: Origin
    ) throws -> SubjectHold {
        // An erasure that has begun is waited for.
        guard try !SubjectStore.lock(tx, subject).isErased else { throw Failure(.subjectErased) }
        let hold = SubjectHold(
            id: SubjectHoldID(at: tx.now),
            subject: subject,
            reason: reason,
            legalBasis: legalBasis,
            placedAt: tx.now,
            placedBy: origin.credential
        )
        try SubjectHoldStore.insert(tx, hold)
        try note(tx, hold, "subject_hold.place", origin)
        return hold
    }

    /// - Throws: `notFound`, `holdReleased`.
    package static func release(
        _ tx: any Transaction,
        _ id: SubjectHoldID,
        of subject: SubjectID,
        reason: String,
        from origin: Origin
    ) throws -> SubjectHold {
        guard var hold = try SubjectHoldStore.find(tx, id), hold.subject == subject else { throw Failure(.notFound) }
        guard hold.release == nil else { throw Failure(.holdReleased) }
        hold.release = SubjectHold.Release(at: tx.now, by: origin.credential, reason: reason)
        // Another instance was faster where it is released by now.
        guard try SubjectHoldStore.release(tx, hold) else { throw UniqueViolation() }
        try note(tx, hold, "subject_hold.release", origin)
        return hold
    }

    private static func note(
        _ tx: any Transaction,
        _ hold: SubjectHold,
        _ action: String,
        _ origin: Origin
    ) throws {
        try AuditTrail.append(
            tx,
            AuditEntry(
                chain: AuditTrail.platformChain,
                action: action,
                origin: origin,
                subject: hold.subject.text,
                detail: [.init("hold", JSON(hold.id)), .init("legal_basis", JSON(hold.legalBasis))]
            )
        )
    }
}
