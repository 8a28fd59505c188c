import Core
import Cryptography
import Identity
import Storage
import Synchronization
import Web

/// The editions of the plans: those that come with the program, and those that were published or sold by.
package final class WarrantyEditions: Sendable {
    /// In the order in which they came into force. Read once for the whole process, when somebody first asks: it takes
    /// longer than anything that is asked of it.
    private static let shipped = Result { [try ShippedPlans.book()] }

    private let read = Mutex<[Digest: PlanBook]>([:])

    package init() {}

    /// The one by which quotes are made on a day: the latest that has begun, of two of one day what was published last.
    /// The first that there was counts for all days before it.
    func current(_ tx: any Transaction, on date: CalendarDate) throws -> PlanBook {
        let shipped = try WarrantyEditions.shipped.get()
        guard let own = shipped.last(where: { $0.effectiveFrom <= date }) ?? shipped.first else {
            throw StoredDataError("no edition of the plans")
        }
        guard let published = try WarrantyStore.latestEdition(tx, on: date), published.from >= own.effectiveFrom
        else { return own }
        return try edition(tx, published.hash)
    }

    /// The one that a quote or a contract names, whatever has been revised since.
    func edition(_ tx: any Transaction, _ hash: Digest) throws -> PlanBook {
        guard let book = try find(tx, hash) else { throw StoredDataError("an edition of the plans is missing") }
        return book
    }

    /// - Returns: `nil` where there is none with this hash.
    func find(_ tx: any Transaction, _ hash: Digest) throws -> PlanBook? {
        if let book = try WarrantyEditions.shipped.get().first(where: { $0.hash == hash }) { return book }
        if let book = read.withLock({ $0[hash] }) { return book }
        guard let content = try WarrantyStore.edition(tx, hash) else { return nil }
        let book = try PlanBook(yaml: content)
        guard book.hash == hash else { throw StoredDataError("an edition of the plans is not what was sold by") }
        read.withLock { $0[hash] = book }
        return book
    }

    /// Keeps the text, so that what is sold by it can always be read. What was published is kept already.
    func keep(_ tx: any Transaction, _ book: PlanBook) throws {
        guard try WarrantyEditions.shipped.get().contains(where: { $0.hash == book.hash }) else { return }
        try WarrantyStore.keep(tx, book, content: ShippedPlans.yaml)
    }

    /// Takes an edition in: from its own day on quotes are made by it. The same text twice is one edition.
    ///
    /// - Returns: whether it is new.
    /// - Throws: `editionInThePast`: what was sold stays what it was, and nobody sells for yesterday; `editionTaken`.
    func publish(_ tx: any Transaction, _ book: PlanBook, content: String, from origin: Origin) throws -> Bool {
        if try WarrantyStore.edition(tx, book.hash) != nil { return false }
        let isShipped = try WarrantyEditions.shipped.get().contains { $0.hash == book.hash }
        guard isShipped || book.effectiveFrom >= tx.now.dateInChina else {
            throw Failure(
                .editionInThePast,
                zh: "该版本自 \(book.effectiveFrom) 起生效",
                en: "It is effective from \(book.effectiveFrom)"
            )
        }
        guard try isShipped || !isTaken(tx, book.edition) else { throw Failure(.editionTaken) }
        try WarrantyStore.keep(tx, book, content: content)
        if let chain = origin.organization {
            let note = AuditEntry(chain: chain, action: "warranty_edition.add", origin: origin, subject: book.hash.hex)
            _ = try AuditTrail.append(tx, note)
        }
        return true
    }

    private func isTaken(_ tx: any Transaction, _ name: String) throws -> Bool {
        let shipped = try WarrantyEditions.shipped.get().contains { $0.edition == name }
        return try shipped || WarrantyStore.isEdition(tx, named: name)
    }
}
