import Core
import Demonstration

let demonstrationDay = CalendarDate("2026-11-21")!

/// A fleet with its cars. Telling one takes a while: tests that only look share what was told once.
struct ToldFleet {
    let fleet: DemonstrationFleet
    let vehicles: [DemonstrationVehicle]

    var asOf: CalendarDate { fleet.asOf }

    init(seed: UInt64, vehicles count: Int, asOf: CalendarDate) {
        fleet = try! DemonstrationFleet(seed: seed, vehicles: count, asOf: asOf)
        vehicles = Array(fleet.vehicles)
    }
}

private let shared = ToldFleet(seed: 1, vehicles: 320, asOf: demonstrationDay)
let sharedFleet = shared.fleet
let sharedVehicles = shared.vehicles
let sharedFiles = sharedFleet.files()
let sharedFollowUps = sharedVehicles.flatMap(\.followUps)
let sharedEvents = sharedVehicles.flatMap(\.events) + sharedFollowUps.map(\.event)

/// With the first and the last day that can be asked for, and one between, each of another seed.
let toldFleets = [
    shared,
    ToldFleet(seed: 2, vehicles: 92, asOf: CalendarDate("2023-01-01")!),
    ToldFleet(seed: 0xFFFF_FFFF_FFFF_FFFF, vehicles: 92, asOf: CalendarDate("2030-02-28")!),
    ToldFleet(seed: 0, vehicles: 92, asOf: CalendarDate("2039-12-31")!),
]

extension DemonstrationVehicle {
    func events(_ kinds: String...) -> [DemonstrationEvent] {
        events.filter { kinds.contains($0.kind) }
    }

    func first(_ kind: String) -> DemonstrationEvent? {
        events.first { $0.kind == kind }
    }

    /// What the odometer was read as, in the order of time.
    var readings: [(event: DemonstrationEvent, km: Int64)] {
        events.compactMap { event in event.km.map { (event, $0) } }
    }

    /// Pairs of readings in a row of which the later one is lower.
    var falls: [(before: Int64, after: Int64, event: DemonstrationEvent)] {
        zip(readings, readings.dropFirst()).filter { $0.km > $1.km }.map { ($0.km, $1.km, $1.event) }
    }

    var registration: DemonstrationEvent { first("vehicle.registered")! }
    var registeredUse: String { registration.text("use")! }

    /// The longest time between two events in a row, or after the last one.
    func longestGapDays(until end: Instant) -> Int64 {
        let times = events.map(\.occurredAt) + [end]
        return zip(times, times.dropFirst()).map { $1.seconds(since: $0) / 86_400 }.max()!
    }
}

extension DemonstrationEvent {
    var km: Int64? { data["odometer_km"]?.integerValue }
    var day: CalendarDate { occurredAt.dateInChina }
    func text(_ name: String) -> String? { data[name]?.stringValue }
}
