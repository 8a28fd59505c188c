import Core
import Cryptography
import Storage
import Synchronization

/// The editions of the plans: those that come with the program, and those that contracts were sold by.
package final class WarrantyEditions: Sendable {
    /// In the order in which they came into force. Read once for the whole process, when somebody first asks: it takes
    /// longer than anything that is asked of it.
    private static let shipped = Result { [try ShippedPlans.book()] }

    private let read = Mutex<[Digest: PlanBook]>([:])

    package init() {}

    /// The one by which quotes are made on a day: the first that there was counts for all days before it.
    func current(on date: CalendarDate) throws -> PlanBook {
        let shipped = try WarrantyEditions.shipped.get()
        guard let book = shipped.last(where: { $0.effectiveFrom <= date }) ?? shipped.first else {
            throw StoredDataError("no edition of the plans")
        }
        return book
    }

    /// The one that a quote or a contract names, whatever has been revised since.
    func edition(_ tx: any Transaction, _ hash: Digest) throws -> PlanBook {
        if let book = try WarrantyEditions.shipped.get().first(where: { $0.hash == hash }) { return book }
        if let book = read.withLock({ $0[hash] }) { return book }
        guard let content = try WarrantyStore.edition(tx, hash) else {
            throw StoredDataError("an edition of the plans is missing")
        }
        let book = try PlanBook(yaml: content)
        guard book.hash == hash else { throw StoredDataError("an edition of the plans is not what was sold by") }
        read.withLock { $0[hash] = book }
        return book
    }

    /// Keeps the text, so that what is sold by it can always be read.
    func keep(_ tx: any Transaction, _ book: PlanBook) throws {
        try WarrantyStore.keep(tx, book, content: ShippedPlans.yaml)
    }
}
