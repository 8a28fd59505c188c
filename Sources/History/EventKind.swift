package import Core
package import Ledger

/// Every kind of event that a car's ledger may hold. The texts are part of the ledger's format.
package enum VehicleEventKind: String, Sendable, Hashable, CaseIterable {
    case vehicleRegistered = "vehicle.registered"
    case ownershipTransferred = "ownership.transferred"
    case plateChanged = "plate.changed"
    case odometerRead = "odometer.read"
    case inspectionStatutory = "inspection.statutory"
    case inspectionPlatform = "inspection.platform"
    case maintenanceDone = "maintenance.done"
    case repairDone = "repair.done"
    case accidentReported = "accident.reported"
    case insuranceClaimed = "insurance.claimed"
    case insuranceTotalLoss = "insurance.total_loss"
    case floodReported = "flood.reported"
    case theftReported = "theft.reported"
    case recallAnnounced = "recall.announced"
    case recallDone = "recall.done"
    case batteryMeasured = "battery.measured"
    case modificationDone = "modification.done"
    case mortgageRegistered = "mortgage.registered"
    case mortgageReleased = "mortgage.released"
    case listingPublished = "listing.published"
    case listingWithdrawn = "listing.withdrawn"
    case saleContracted = "sale.contracted"
    case saleCompleted = "sale.completed"
    case saleReturned = "sale.returned"
    case warrantyIssued = "warranty.issued"
    case warrantyClaimed = "warranty.claimed"
    case warrantySettled = "warranty.settled"
    case scrapped = "scrapped"
    case exportDone = "export.done"
    case entryCorrected = "entry.corrected"
    case entryRetracted = "entry.retracted"
    case payloadErased = "payload.erased"

    /// The same kind as the ledger's format writes it.
    package func ledgerKind() throws(TextFault) -> EventKind {
        try EventKind(parsing: rawValue)
    }

    /// Kinds that speak about another entry instead of the car.
    package var pointsAtEntry: Bool {
        switch self {
        case .entryCorrected, .entryRetracted, .payloadErased: true
        default: false
        }
    }
}

/// An answer to a question about a car. Unknown is an answer of its own: it never reads as clean.
package enum TriState: String, Sendable, Hashable, CaseIterable {
    case yes
    case no
    case notKnown = "not_known"
}

/// What a car was used for. Scrap age and disclosure depend on it.
package enum VehicleUse: String, Sendable, Hashable, CaseIterable {
    case `private`
    case company
    case government
    case taxi
    case rideHailing = "ride_hailing"
    case rental
    case drivingSchool = "driving_school"
    case passengerTransport = "passenger_transport"
    case freight
    case otherCommercial = "other_commercial"
    case notKnown = "not_known"

    /// `nil` where the use is not known.
    package var isCommercial: Bool? {
        switch self {
        case .private, .company, .government: false
        case .taxi, .rideHailing, .rental, .drivingSchool, .passengerTransport, .freight, .otherCommercial: true
        case .notKnown: nil
        }
    }
}
