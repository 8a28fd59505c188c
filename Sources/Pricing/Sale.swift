package import Core

/// One sale, or one car offered, with its price: what calibration learns from and what estimates compare with.
package struct Sale: Sendable, Hashable {
    package var car: CarFacts
    /// In minor units of the source's currency: fen of renminbi, cents of dollars.
    package var priceFen: Int64
    package var soldOn: CalendarDate
    /// Tells the vehicle apart from all others, over several sales: a hash of VIN or of what the source has instead.
    /// A car is never compared with itself.
    package var vehicle: UInt64
    package var kind: SaleKind

    package init(car: CarFacts, priceFen: Int64, soldOn: CalendarDate, vehicle: UInt64, kind: SaleKind) {
        self.car = car
        self.priceFen = priceFen
        self.soldOn = soldOn
        self.vehicle = vehicle
        self.kind = kind
    }
}

/// What sort of price a sale's price is.
package enum SaleKind: String, Sendable, Hashable, CaseIterable {
    /// Paid by a consumer to a dealer.
    case retail
    /// Asked by a dealer; not every one is paid.
    case asking
    case auction
    case wholesale
    case tradeIn = "trade_in"
    case `private`
}

/// Names a vehicle by hash, so that neither VIN nor plate is kept with the sales.
package enum VehicleKey {
    /// FNV-1a over the parts, a zero byte between them. It tells vehicles apart, and protects no secret.
    package static func hash(_ parts: [String]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for part in parts {
            for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = hash &* 0x100_0000_01b3
        }
        return hash
    }
}
