import Core
import Storage

/// What claims hold and have had.
enum LimitStore {
    /// By layer.
    static func accounts(_ tx: any Transaction, _ warranty: StoredWarranty) throws -> [String: LimitAccount] {
        let rows = try tx.rows(
            """
            SELECT layer, claim, component, reserved_fen, paid_fen
            FROM warranty_limit_use
            WHERE warranty = \(warranty.id.text)
            ORDER BY layer, claim, component
            """
        )
        var uses: [String: [LimitAccount.Use]] = [:]
        for row in rows {
            let use = LimitAccount.Use(
                claim: try row.text(1),
                component: try row.text(2),
                reserved: Money(fen: try row.integer(3)),
                paid: Money(fen: try row.integer(4))
            )
            uses[try row.text(0), default: []].append(use)
        }
        return Dictionary(
            warranty.terms.layers.compactMap { layer in
                layer.limits.map { (layer.id, LimitAccount($0, uses: uses[layer.id] ?? [])) }
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    static func put(_ tx: any Transaction, _ use: LimitAccount.Use, _ layer: String, of id: WarrantyID) throws {
        try tx.execute(
            """
            INSERT INTO warranty_limit_use (warranty, layer, claim, component, reserved_fen, paid_fen)
            VALUES (
                \(id.text),
                \(layer),
                \(use.claim),
                \(use.component),
                \(use.reserved.fen),
                \(use.paid.fen)
            )
            ON CONFLICT (warranty, layer, claim, component) DO UPDATE
            SET reserved_fen = \(use.reserved.fen), paid_fen = \(use.paid.fen)
            """
        )
    }

    /// - Returns: `false` where somebody else was faster.
    static func advance(_ tx: any Transaction, _ id: WarrantyID, from version: Int64) throws -> Bool {
        try tx.execute(
            """
            UPDATE warranty
            SET limit_version = \(version + 1)
            WHERE id = \(id.text) AND limit_version = \(version)
            """
        ) == 1
    }
}

/// The uses of services.
enum RedemptionStore {
    static func all(_ tx: any Transaction, of id: WarrantyID) throws -> [Redemption] {
        try tx.rows(
            """
            SELECT kind, number, redeemed_at, redeemed_by, place, odometer_km, reversed_at, reversed_by, reason
            FROM warranty_redemption
            WHERE warranty = \(id.text)
            ORDER BY kind, number
            """
        ).map { row in
            var reversal: Redemption.Reversal?
            if let at = try row.optionalInteger(6), let by = try row.optionalText(7),
                let reason = try row.optionalText(8)
            {
                reversal = Redemption.Reversal(at: Instant(microseconds: at), by: by, reason: reason)
            }
            return Redemption(
                kind: try row.text(0),
                number: try row.integer(1),
                at: Instant(microseconds: try row.integer(2)),
                by: try row.text(3),
                place: try row.text(4),
                odometerKm: try row.optionalInteger(5),
                reversal: reversal
            )
        }
    }

    /// - Throws: `UniqueViolation` where somebody took this number first.
    static func insert(_ tx: any Transaction, _ redemption: Redemption, of id: WarrantyID) throws {
        try tx.execute(
            """
            INSERT INTO warranty_redemption (warranty, kind, number, redeemed_at, redeemed_by, place, odometer_km)
            VALUES (
                \(id.text),
                \(redemption.kind),
                \(redemption.number),
                \(redemption.at.microseconds),
                \(redemption.by),
                \(redemption.place),
                \(redemption.odometerKm)
            )
            """
        )
    }

    /// - Returns: `false` where it was reversed before, or there is none.
    static func reverse(
        _ tx: any Transaction,
        _ kind: String,
        _ number: Int64,
        of id: WarrantyID,
        by: String,
        reason: String
    ) throws -> Bool {
        try tx.execute(
            """
            UPDATE warranty_redemption
            SET reversed_at = \(tx.now.microseconds), reversed_by = \(by), reason = \(reason)
            WHERE warranty = \(id.text) AND kind = \(kind) AND number = \(number) AND reversed_at IS NULL
            """
        ) == 1
    }
}
