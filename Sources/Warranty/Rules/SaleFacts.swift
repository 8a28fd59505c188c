package import Core

/// A car at its sale: all that eligibility, floor and price go by.
package struct SaleFacts: Sendable, Hashable {
    package var vin: VIN
    package var firstRegisteredOn: CalendarDate
    /// The day of the new car's invoice, or of its delivery where that was later; the maker's duties count from it.
    package var inServiceOn: CalendarDate?
    package var odometerKm: Int64
    /// What it is and ever was used for.
    package var use: Use
    package var energy: Energy
    package var segment: Segment
    /// 1 is best, 5 an accident car; `nil` where nobody has inspected it.
    package var grade: Int64?
    /// What history and inspection prove, by the names that findings have.
    package var findings: Set<String>
    package var price: Money
    /// What the car is worth on the market: limits never go above it.
    package var marketValue: Money
    package var seller: Seller
    /// ISO 3166-2:CN of the province in which it is sold.
    package var region: String
    /// The day of delivery.
    package var soldOn: CalendarDate
    /// Where the maker promises more than the law's least.
    package var makersPromise: MakersPromise?

    package struct MakersPromise: Sendable, Hashable {
        package var until: CalendarDate
        package var odometerKm: Int64

        package init(until: CalendarDate, odometerKm: Int64) {
            self.until = until
            self.odometerKm = odometerKm
        }
    }

    package enum Use: String, Sendable, Hashable, CaseIterable {
        case `private`
        case commercial
    }

    package enum Seller: String, Sendable, Hashable, CaseIterable {
        case dealer
        /// A person; the platform only mediates.
        case `private`
    }

    package typealias Energy = VehicleEnergy

    package enum Segment: String, Sendable, Hashable, CaseIterable {
        case mini
        case small
        case compact
        case midsize
        case large
        case suv
        case mpv
        case sports
        case pickup
    }

    package init(
        vin: VIN,
        firstRegisteredOn: CalendarDate,
        inServiceOn: CalendarDate? = nil,
        odometerKm: Int64,
        use: Use,
        energy: Energy,
        segment: Segment,
        grade: Int64?,
        findings: Set<String>,
        price: Money,
        marketValue: Money,
        seller: Seller,
        region: String,
        soldOn: CalendarDate,
        makersPromise: MakersPromise? = nil
    ) {
        self.vin = vin
        self.firstRegisteredOn = firstRegisteredOn
        self.inServiceOn = inServiceOn
        self.odometerKm = odometerKm
        self.use = use
        self.energy = energy
        self.segment = segment
        self.grade = grade
        self.findings = findings
        self.price = price
        self.marketValue = marketValue
        self.seller = seller
        self.region = region
        self.soldOn = soldOn
        self.makersPromise = makersPromise
    }

    /// Whether it is up to so many months old; the day on which it turns so old still counts (Civil Code, 1259).
    package func isUpTo(months: Int64) -> Bool {
        soldOn <= firstRegisteredOn.adding(months: Int(months))
    }
}

extension SaleFacts {
    package var json: JSON {
        [
            "vin": JSON(vin.text),
            "first_registered_on": JSON(firstRegisteredOn),
            "in_service_on": .optional(inServiceOn) { JSON($0) },
            "odometer_km": .integer(odometerKm),
            "use": JSON(use.rawValue),
            "energy": JSON(energy.rawValue),
            "segment": JSON(segment.rawValue),
            "grade": .optional(grade, JSON.integer),
            "findings": .array(findings.sorted().map { JSON($0) }),
            "price": price.json,
            "market_value": marketValue.json,
            "seller": JSON(seller.rawValue),
            "region": JSON(region),
            "sold_on": JSON(soldOn),
            "makers_promise": .optional(makersPromise) { promise in
                ["until": JSON(promise.until), "odometer_km": .integer(promise.odometerKm)]
            },
        ]
    }
}

extension VehicleEnergy {
    package func has(_ fitted: Component.Fitted) -> Bool {
        switch fitted {
        case .any: true
        case .combustion: self != .battery && self != .fuelCell
        case .traction: [.hybrid, .plugInHybrid, .rangeExtended, .battery, .fuelCell].contains(self)
        }
    }
}
