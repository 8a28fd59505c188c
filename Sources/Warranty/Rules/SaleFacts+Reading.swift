import Core

extension SaleFacts {
    static let findingCount = 0...40
    static let regionCharacters = 2...10

    /// What `json` wrote.
    init?(stored: ObjectReader) {
        var reader = stored
        let vin = reader.value("vin", as: VIN.self)
        let firstRegisteredOn = reader.date("first_registered_on")
        let inServiceOn = reader.date("in_service_on", required: false)
        let odometer = reader.odometer("odometer_km")
        let use = reader.oneOf("use", Use.self)
        let energy = reader.oneOf("energy", Energy.self)
        let segment = reader.oneOf("segment", Segment.self)
        let grade = reader.integer("grade", in: EligibilityRule.grades, required: false)
        let findings = reader.array("findings", count: SaleFacts.findingCount) ?? []
        let price = reader.money("price")
        let marketValue = reader.money("market_value")
        let seller = reader.oneOf("seller", Seller.self)
        let region = reader.string("region", length: SaleFacts.regionCharacters)
        let soldOn = reader.date("sold_on")
        let promise = reader.object("makers_promise", required: false).flatMap { MakersPromise($0) }
        reader.refuseUnknownMembers()
        guard let vin, let firstRegisteredOn, let odometer, let use, let energy, let segment, let price,
            let marketValue, let seller, let region, let soldOn
        else { return nil }
        self.init(
            vin: vin,
            firstRegisteredOn: firstRegisteredOn,
            inServiceOn: inServiceOn,
            odometerKm: odometer.kilometres,
            use: use,
            energy: energy,
            segment: segment,
            grade: grade,
            findings: Set(findings.compactMap(\.stringValue)),
            price: price,
            marketValue: marketValue,
            seller: seller,
            region: region,
            soldOn: soldOn,
            makersPromise: promise
        )
    }
}

extension SaleFacts.MakersPromise {
    init?(_ stored: ObjectReader) {
        var reader = stored
        let until = reader.date("until")
        let odometer = reader.odometer("odometer_km")
        reader.refuseUnknownMembers()
        guard let until, let odometer else { return nil }
        self.init(until: until, odometerKm: odometer.kilometres)
    }
}
