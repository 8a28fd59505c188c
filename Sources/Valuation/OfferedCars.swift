package import Core
package import Pricing
package import Storage
package import Web

/// What the slice above knows of cars on offer. Prices stand below offers, so they ask through this.
package protocol OfferedCars: Sendable {
    /// `nil` where there is none that the caller may see.
    func car(_ tx: any Transaction, listing: String, seenBy principal: Principal?) throws -> OfferedCar?
}

package struct OfferedCar: Sendable {
    package let vin: VIN
    /// As it is offered, with what its records say.
    package let car: CarFacts

    package init(vin: VIN, car: CarFacts) {
        self.vin = vin
        self.car = car
    }
}
