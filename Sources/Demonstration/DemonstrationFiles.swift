package import Core

extension DemonstrationFleet {
    /// The lines that one reporter imports, car by car, each car in the order in which it happened.
    package func ndjson(for reporter: DemonstrationReporter) -> [UInt8] {
        var writer = JSONWriter()
        for vehicle in vehicles {
            for event in vehicle.events where event.reporter == reporter { writer.line(event.json) }
        }
        return writer.bytes
    }

    /// Everything that a loader needs, under the names of the files that it goes into: `organizations.json` with the
    /// files in the order of import, an NDJSON file for each organisation, then `follow-ups.json` and `labels.json`.
    package func files() -> [(name: String, bytes: [UInt8])] {
        var writers: [DemonstrationReporter: JSONWriter] = [:]
        var counts: [DemonstrationReporter: Int] = [:]
        var followUps: [JSON] = []
        var labels: [JSON] = []
        for vehicle in vehicles {
            for event in vehicle.events {
                writers[event.reporter, default: JSONWriter()].line(event.json)
                counts[event.reporter, default: 0] += 1
            }
            followUps += vehicle.followUps.map(\.json)
            labels.append(vehicle.labelJSON)
        }
        let organizations = DemonstrationOrganization.all
        let list = organizations.map { $0.json(events: counts[$0.reporter] ?? 0) }
        return [("organizations.json", DemonstrationFleet.document(list))]
            + organizations.map { ($0.fileName, writers[$0.reporter]?.bytes ?? []) }
            + [
                ("follow-ups.json", DemonstrationFleet.document(followUps)),
                ("labels.json", DemonstrationFleet.document(labels)),
            ]
    }

    /// A JSON array with an element a line, so that people can read it and compare two of them.
    private static func document(_ elements: [JSON]) -> [UInt8] {
        var writer = JSONWriter()
        writer.raw("[\n")
        for (index, element) in elements.enumerated() {
            if index > 0 { writer.raw(",\n") }
            writer.write(element)
        }
        writer.raw("\n]\n")
        return writer.bytes
    }
}

extension DemonstrationEvent {
    /// What `POST /v1/events/import` takes as a line.
    package var json: JSON {
        .object(members)
    }

    fileprivate var members: [JSON.Member] {
        [
            .text("vin", vin), .text("kind", kind), JSON.Member("occurred_at", JSON(occurredAt)), .text("ref", ref),
            JSON.Member("data", data),
        ]
    }
}

extension DemonstrationFollowUp {
    /// The event, who reports it, and the `ref` of the entry that it points at, or `null`.
    fileprivate var json: JSON {
        .object(
            [.text("organization", event.reporter.key)] + event.members
                + [JSON.Member("corrects_ref", .optional(correctsRef) { JSON($0) })]
        )
    }
}

extension DemonstrationVehicle {
    fileprivate var labelJSON: JSON {
        let description = label.description
        return [
            "vin": JSON(vin), "label": JSON(label.rawValue), "zh": JSON(description.zh), "en": JSON(description.en),
        ]
    }
}

extension DemonstrationOrganization {
    fileprivate func json(events: Int) -> JSON {
        [
            "key": JSON(reporter.key), "kind": JSON(reporter.role.rawValue), "name": JSON(name), "uscc": JSON(uscc),
            "file": JSON(fileName), "events": JSON(events),
        ]
    }
}

extension JSONWriter {
    fileprivate mutating func line(_ json: JSON) {
        write(json)
        raw("\n")
    }
}
