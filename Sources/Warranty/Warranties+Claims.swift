package import Core
package import Storage
import Web

/// A contract as whoever handles a claim under it needs it.
package struct ClaimedContract: Sendable {
    package let warranty: StoredWarranty
    package let book: PlanBook
    /// What other claims hold and have had, by layer.
    package let accounts: [String: LimitAccount]
    package let record: CarRecord
}

extension Warranties {
    /// - Throws: `notFound` where there is no such contract.
    package func claimed(_ tx: any Transaction, _ id: WarrantyID) throws -> ClaimedContract {
        let warranty = try get(tx, id) { _ in true }
        return ClaimedContract(
            warranty: warranty,
            book: try editions.edition(tx, warranty.terms.bookHash),
            accounts: try LimitStore.accounts(tx, warranty),
            record: try CarRecord(tx, vin: warranty.terms.sale.vin)
        )
    }

    /// What the car is worth now, as far as somebody knows: no promise pays more.
    package func marketValue(_ tx: any Transaction, _ contract: ClaimedContract) throws -> Money {
        let sale = contract.warranty.terms.sale
        return try MarketValue.find(tx, sale, contract.record, stated: sale.marketValue, market: market).amount
    }

    /// - Throws: `notFound` where the edition of the contract has no such part.
    package func component(_ tx: any Transaction, _ id: WarrantyID, named component: String) throws -> Component {
        let warranty = try get(tx, id) { _ in true }
        guard let found = try editions.edition(tx, warranty.terms.bookHash).tree[component] else {
            throw Failure(.notFound)
        }
        return found
    }
}

extension Warranties {
    /// What a part is called in the edition of the plans that is sold by today; `nil` where it has no such part.
    package func component(_ tx: any Transaction, called name: String) throws -> Component? {
        guard case .found(let part) = try editions.current(tx, on: tx.now.dateInChina).names.find(name) else {
            return nil
        }
        return part
    }
}
