package import Core
package import Identity
package import Storage
import Web

/// What a person may ask for of his own data.
package enum Subjects {
    /// So many lines of the log of reads go into an export, the newest; the rest are asked for by the page.
    static let exportedReads = 1000

    /// Everything that is held of the person, as one document: PIPL (个人信息保护法), article 45, gives him a copy. The
    /// export is itself a read of every field, and logged first, so that it shows itself, too.
    ///
    /// - Throws: `notFound`.
    package static func export(
        _ tx: any Transaction,
        _ vault: SubjectVault,
        _ id: SubjectID,
        _ holders: [any PersonalDataHolder],
        reason: String,
        from origin: Origin
    ) throws -> JSON {
        let fields = Set(PersonalField.allCases)
        let values = try vault.read(tx, id, fields, for: .subjectRequest, reason: reason, by: origin)
        let held = try holders.map { JSON.Member($0.name, try $0.export(tx, id, by: origin)) }
        let subject = try SubjectStore.get(tx, id)
        let reads = try SubjectStore.reads(tx, of: id, before: .max, limit: exportedReads + 1)
        try note(tx, id, .subjectExport, origin, [])
        return .object(
            (subject.json(values).members ?? []) + [
                .init("exported_at", JSON(tx.now)),
                .init("holds", .array(try SubjectHoldStore.all(tx, of: id).map(\.json))),
                .init("reads", .array(reads.prefix(exportedReads).map(\.json))),
                .init("has_more_reads", .bool(reads.count > exportedReads)),
                .init("held", .object(held)),
            ]
        )
    }

    /// Destroys the person's key and values, and what other slices hold of him: PIPL (个人信息保护法), article 47. What
    /// refers to him stays and leads to nobody. A second time changes nothing.
    ///
    /// In a backup of the store the wrapped key is there until that backup is gone.
    ///
    /// - Throws: `notFound`; `legalHold` naming every hold that stands.
    package static func erase(
        _ tx: any Transaction,
        _ id: SubjectID,
        _ holders: [any PersonalDataHolder],
        reason: String,
        from origin: Origin
    ) throws -> Subject {
        let subject = try SubjectStore.lock(tx, id)
        guard !subject.isErased else { return subject }
        let holds = try SubjectHoldStore.all(tx, of: id).filter { $0.release == nil }
        guard holds.isEmpty else { throw Failure(.legalHold, faults: holds.map(\.fault)) }
        for holder in holders { try holder.erase(tx, id) }
        try SubjectStore.erase(tx, id)
        try note(tx, id, .subjectErase, origin, [.init("reason", JSON(reason))])
        return try SubjectStore.get(tx, id)
    }

    static func note(
        _ tx: any Transaction,
        _ id: SubjectID?,
        _ action: Action,
        _ origin: Origin,
        _ detail: [JSON.Member]
    ) throws {
        try AuditTrail.append(
            tx,
            AuditEntry(
                chain: AuditTrail.platformChain,
                action: action.rawValue,
                origin: origin,
                subject: id?.text,
                detail: detail
            )
        )
    }
}

extension SubjectHold {
    /// One that stands in the way. Its own words are in one language, and stay out of the other's.
    fileprivate var fault: Fault {
        Fault("", "legal_hold", zh: "保留事由 \(id) 尚未解除：\(legalBasis)", en: "The hold \(id) stands")
    }
}
