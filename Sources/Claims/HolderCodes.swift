package import Core
import Cryptography
import Identity
import People
import Storage
package import Warranty
import Web

/// How a buyer comes to hold a contract. The dealer writes down a customer number of its own; whoever was given the
/// code for it shows it, and the contract is his from then on. Where it goes to somebody else, so does that.
package struct HolderCodes: Sendable {
    let warranties: Warranties
    let pepper: SecretBytes

    /// A letter lies about for a while (rule of this platform).
    static let validSeconds: Int64 = 30 * 86_400
    private static let purpose = "holder"
    static let heldMaximum = 200

    /// What a buyer holds.
    package struct Held: Sendable, Hashable {
        package let warranty: StoredWarranty
        package let since: Instant

        var json: JSON {
            [
                "warranty": JSON(warranty.id), "vin": JSON(warranty.terms.sale.vin.text),
                "dealer": JSON(warranty.dealer), "since": JSON(since),
            ]
        }
    }

    // MARK: The dealer's side

    /// A new one takes the place of the one before; what somebody holds already is not given away again.
    ///
    /// - Throws: `notFound` where the caller has no such contract; `contractHeld`.
    func issue(
        _ tx: any Transaction,
        _ id: WarrantyID,
        where isOwn: (StoredWarranty) -> Bool
    ) throws -> (code: LinkToken, expiresAt: Instant) {
        let warranty = try contract(tx, id, Failure(.notFound))
        guard isOwn(warranty) else { throw Failure(.notFound) }
        let holder = warranty.contract.holder
        guard try HoldingStore.person(tx, id, holder) == nil else { throw Failure(.contractHeld) }
        let code = LinkToken.random()
        let expiresAt = tx.now.adding(seconds: HolderCodes.validSeconds)
        try HoldingStore.put(tx, id, holder, code.code(HolderCodes.purpose, pepper: pepper), until: expiresAt)
        return (code, expiresAt)
    }

    // MARK: The buyer's side

    /// - Throws: `holderCodeRefused` for a code that is unknown, too old, used, or of somebody who holds it no more.
    func take(_ tx: any Transaction, _ text: String, by person: String) throws -> Held {
        guard let token = LinkToken(text),
            let found = try HoldingStore.take(tx, token.code(HolderCodes.purpose, pepper: pepper))
        else { throw Failure(.holderCodeRefused) }
        let warranty = try contract(tx, found.warranty, Failure(.holderCodeRefused))
        guard found.holder == warranty.contract.holder else { throw Failure(.holderCodeRefused) }
        guard try HoldingStore.hold(tx, found.warranty, found.holder, person) else { throw Failure(.contractHeld) }
        return Held(warranty: warranty, since: tx.now)
    }

    /// What somebody holds now.
    func all(_ tx: any Transaction, of person: String) throws -> [Held] {
        try HoldingStore.all(tx, of: person, limit: HolderCodes.heldMaximum).compactMap { row in
            let warranty = try warranties.claimed(tx, row.warranty).warranty
            return warranty.contract.holder == row.holder ? Held(warranty: warranty, since: row.since) : nil
        }
    }

    private func contract(_ tx: any Transaction, _ id: WarrantyID, _ failure: Failure) throws -> StoredWarranty {
        do {
            return try warranties.claimed(tx, id).warranty
        } catch let error as Failure where error.type.kind == .notFound {
            throw failure
        }
    }
}

extension StoredWarranty {
    /// Whose it is: who has shown the code for it, or whom it names.
    func holder(_ tx: any Transaction) throws -> String {
        try HoldingStore.person(tx, id, contract.holder) ?? contract.holder
    }
}

/// Every statement about who holds what.
enum HoldingStore {
    static func put(
        _ tx: any Transaction,
        _ warranty: WarrantyID,
        _ holder: String,
        _ code: Digest,
        until expiresAt: Instant
    ) throws {
        try tx.execute(
            """
            INSERT INTO holder_code (warranty, holder, code, issued_at, expires_at)
            VALUES (
                \(warranty.text), \(holder), \(code.bytes), \(tx.now.microseconds), \(expiresAt.microseconds)
            )
            ON CONFLICT (warranty) DO UPDATE SET
                holder = excluded.holder,
                code = excluded.code,
                issued_at = excluded.issued_at,
                expires_at = excluded.expires_at
            """
        )
    }

    /// Used up: nobody finds it a second time.
    static func take(_ tx: any Transaction, _ code: Digest) throws -> (warranty: WarrantyID, holder: String)? {
        let taken = try tx.first(
            """
            DELETE FROM holder_code
            WHERE code = \(code.bytes) AND expires_at > \(tx.now.microseconds)
            RETURNING warranty, holder
            """
        )
        guard let taken, let warranty = WarrantyID(try taken.text(0)) else { return nil }
        return (warranty, try taken.text(1))
    }

    /// - Returns: `false` where somebody else holds it.
    static func hold(
        _ tx: any Transaction,
        _ warranty: WarrantyID,
        _ holder: String,
        _ person: String
    ) throws -> Bool {
        try tx.execute(
            """
            INSERT INTO warranty_holding (warranty, holder, person, since)
            VALUES (\(warranty.text), \(holder), \(person), \(tx.now.microseconds))
            ON CONFLICT (warranty, holder) DO NOTHING
            """
        ) == 1
    }

    static func person(_ tx: any Transaction, _ warranty: WarrantyID, _ holder: String) throws -> String? {
        try tx.first(
            """
            SELECT person
            FROM warranty_holding
            WHERE warranty = \(warranty.text) AND holder = \(holder)
            """
        )?.text(0)
    }

    static func all(
        _ tx: any Transaction,
        of person: String,
        limit: Int
    ) throws -> [(warranty: WarrantyID, holder: String, since: Instant)] {
        try tx.rows(
            """
            SELECT warranty, holder, since
            FROM warranty_holding
            WHERE person = \(person)
            ORDER BY warranty, holder
            LIMIT \(limit)
            """
        ).compactMap { row in
            guard let warranty = WarrantyID(try row.text(0)) else { return nil }
            return (warranty, try row.text(1), Instant(microseconds: try row.integer(2)))
        }
    }
}
