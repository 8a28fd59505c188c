import Core

extension SearchEntry {
    /// - Returns: `nil` where it was never published.
    init?(_ listing: Listing) {
        guard let pin = listing.pin else { return nil }
        let (content, vehicle) = (listing.content, listing.content.vehicle)
        var values: [SearchDimension: [String]] = [
            .features: vehicle.features.map(\.rawValue),
            .status: [listing.status.rawValue],
            .dealer: [listing.dealer.text],
        ]
        values[.make] = vehicle.make.map { [$0] }
        values[.series] = vehicle.series.map { [$0] }
        values[.energy] = vehicle.energy.map { [$0.rawValue] }
        values[.province] = content.location.map { [$0.province.rawValue] }
        values[.city] = content.location.map { [$0.city] }
        values[.gearbox] = vehicle.gearbox.map { [$0.rawValue] }
        values[.color] = vehicle.color.map { [$0] }
        values[.emissionStage] = vehicle.emissionStage.map { [$0.rawValue] }
        values[.grade] = pin.grade.map { ["\($0)"] }
        values[.year] = vehicle.firstRegisteredOn.map { ["\($0.components.year)"] }
        self.init(
            id: listing.id,
            version: listing.version,
            values: values,
            totalFen: content.total.fen,
            odometerKm: content.odometerKm,
            registeredDay: vehicle.firstRegisteredOn.map { Int64($0.daysSinceEpoch) },
            publishedAt: pin.publishedAt,
            head: SearchEntry.head(listing),
            body: content.text.map { [$0] } ?? []
        )
    }

    /// In both languages, whichever the dealer writes.
    private static func head(_ listing: Listing) -> [String] {
        let vehicle = listing.content.vehicle
        let make = vehicle.make ?? ""
        let names = MakeNames.others(than: make)
        let labels =
            [vehicle.energy?.label, vehicle.gearbox?.label, listing.content.location?.province.label]
            .compactMap { $0 } + Feature.allCases.filter(vehicle.features.contains).map(\.label)
        // Make and series in one, too: 比亚迪秦 is looked for without a space.
        let model = "\(make)\(vehicle.series ?? "") \(vehicle.model ?? "")"
        let words = [vehicle.series, vehicle.color, listing.content.location?.city].compactMap { $0 }
        let year = vehicle.modelYear.map { ["\($0)款"] } ?? []
        return [listing.content.title, make, model] + words + year + names + labels.flatMap { [$0.zh, $0.en] }
    }
}
