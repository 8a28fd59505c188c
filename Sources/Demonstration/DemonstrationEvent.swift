package import Core

/// One event as its reporter sends it.
package struct DemonstrationEvent: Sendable, Hashable {
    package let reporter: DemonstrationReporter
    package let vin: String
    package let kind: String
    package let occurredAt: Instant
    /// Unique among all events of the fleet.
    package let ref: String
    package let data: JSON
}

/// What is reported when everything else is in the ledger: corrections, retractions, and what its source had kept back.
package struct DemonstrationFollowUp: Sendable, Hashable {
    package let event: DemonstrationEvent
    /// The `ref` of the entry that it points at, whose hash only the server knows; `nil` for what is only late.
    package let correctsRef: String?
}

/// One car and all that is told about it.
package struct DemonstrationVehicle: Sendable, Hashable {
    package let vin: String
    package let label: DemonstrationLabel
    /// In the order in which it happened.
    package let events: [DemonstrationEvent]
    package let followUps: [DemonstrationFollowUp]
}
