import Core
import Demonstration

/// Sends the life of each car in the order in which it happened, several cars at a time.
struct DemonstrationLoad: Sendable {
    let client: APIClient
    let keys: [DemonstrationReporter: String]

    struct Tally: Sendable {
        var created = 0
        var existing = 0
    }

    func load(_ fleet: DemonstrationFleet) async throws -> Tally {
        try await withThrowingTaskGroup(of: Tally.self) { group in
            var tally = Tally()
            var done: Int64 = 0
            for index in 0..<fleet.vehicleCount {
                if index >= APIClient.connections, let car = try await group.next() { count(car, &tally, &done, fleet) }
                group.addTask { try await load(fleet.vehicle(at: index)) }
            }
            for try await car in group { count(car, &tally, &done, fleet) }
            return tally
        }
    }

    private func count(_ car: Tally, _ tally: inout Tally, _ done: inout Int64, _ fleet: DemonstrationFleet) {
        tally.created += car.created
        tally.existing += car.existing
        done += 1
        Console.progress("cars", done, of: Int64(fleet.vehicleCount))
    }

    private func load(_ vehicle: DemonstrationVehicle) async throws -> Tally {
        var tally = Tally()
        var hashes: [String: String] = [:]
        for event in vehicle.events {
            hashes[event.ref] = try await send(event, corrects: nil, &tally)
        }
        for followUp in vehicle.followUps {
            // Only the server knows the hash of what is corrected: it has just told us.
            hashes[followUp.event.ref] = try await send(
                followUp.event,
                corrects: followUp.correctsRef.flatMap { hashes[$0] },
                &tally
            )
        }
        return tally
    }

    /// - Returns: the hash of the entry.
    private func send(_ event: DemonstrationEvent, corrects: String?, _ tally: inout Tally) async throws -> String {
        var body: [JSON.Member] = [
            .init("kind", JSON(event.kind)), .init("occurred_at", JSON(event.occurredAt)),
            .init("ref", JSON(event.ref)), .init("data", event.data),
        ]
        if let corrects { body.append(.init("corrects", JSON(corrects))) }
        let answer = try await client.post(
            "v1/vehicles/\(event.vin)/events",
            .object(body),
            key: keys[event.reporter] ?? "",
            idempotencyKey: nil
        )
        guard let hash = answer.json["hash"]?.stringValue else {
            let problem = String(decoding: answer.json.bytes, as: UTF8.self)
            throw Refused(message: "\(event.kind) of \(event.vin) was refused: \(answer.status) \(problem)")
        }
        if answer.status == 201 { tally.created += 1 } else { tally.existing += 1 }
        return hash
    }
}
