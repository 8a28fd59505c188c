import Core
package import Identity
package import Storage
import Web

/// The services that come with a car, and their use.
extension Warranties {
    /// Uses a service once. Two who take the last one at once make the same row, and one of them finds it taken.
    ///
    /// - Throws: `notFound` for a service that the contract does not have, `grantExhausted`, `grantExpired`;
    ///   `UniqueViolation` where another was faster.
    package func redeem(
        _ tx: any Transaction,
        _ kind: String,
        of warranty: StoredWarranty,
        place: String,
        odometerKm: Int64?,
        from origin: Origin
    ) throws -> [Redemption] {
        let grant = try grant(kind, of: warranty)
        let uses = try RedemptionStore.all(tx, of: warranty.id).filter { $0.kind == kind }
        let used = uses.count { $0.reversal == nil }
        try grant.checkRedemption(on: tx.now.dateInChina, odometerKm: odometerKm, used: Int64(used))
        let redemption = Redemption(
            kind: kind,
            number: Int64(uses.count) + 1,
            at: tx.now,
            by: origin.credential ?? "",
            place: place,
            odometerKm: odometerKm,
            reversal: nil
        )
        try RedemptionStore.insert(tx, redemption, of: warranty.id)
        return uses + [redemption]
    }

    /// Takes a use back, with a reason; the service can be used again then.
    ///
    /// - Throws: `notFound` where there is no such use, or it was taken back before.
    package func reverse(
        _ tx: any Transaction,
        _ kind: String,
        number: Int64,
        of warranty: StoredWarranty,
        reason: String,
        from origin: Origin
    ) throws -> [Redemption] {
        _ = try grant(kind, of: warranty)
        let by = origin.credential ?? ""
        guard try RedemptionStore.reverse(tx, kind, number, of: warranty.id, by: by, reason: reason) else {
            throw Failure(.notFound)
        }
        return try RedemptionStore.all(tx, of: warranty.id).filter { $0.kind == kind }
    }

    func grant(_ kind: String, of warranty: StoredWarranty) throws -> GrantTerms {
        guard let grant = warranty.terms.grants.first(where: { $0.kind == kind }) else { throw Failure(.notFound) }
        return grant
    }
}

extension GrantTerms {
    /// With what is left of it.
    func json(_ uses: [Redemption], on date: CalendarDate) -> JSON {
        let used = Int64(uses.count { $0.reversal == nil })
        let left = count.map { max(0, $0 - used) }
        let isUsable = date <= until && left != 0
        return .object(
            (json.members ?? []) + [
                .init("used", .integer(used)), .init("left", .optional(left, JSON.integer)),
                .init("is_usable", .bool(isUsable)), .init("redemptions", .array(uses.map(\.json))),
            ]
        )
    }
}
