import Core
import Cryptography
import Support
import Testing

/// What a source may report, and what is refused, through the API.
@Suite struct EventTests {
    @Test func `every fault of an event is named at once, and nothing is stored`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        let answer = try await house.post(
            "/v1/vehicles/\(House.vin)/events",
            [
                "kind": "maintenance.done",
                "occurred_at": "2026-10-01T08:00:00",
                "ref": "",
                "data": ["odometer_km": -1, "cost": ["amount": 12, "currency": "USD"], "owner": "王先生"],
                "colour": "red",
            ],
            as: workshop.key
        )
        #expect(answer.status == 422)
        let pointers = Set(answer.json["errors"]?.arrayValue?.compactMap { $0["pointer"]?.stringValue } ?? [])
        #expect(
            pointers == [
                "/occurred_at", "/ref", "/data/odometer_km", "/data/cost/currency", "/data/owner", "/colour",
            ]
        )
        #expect(try await house.get("/v1/vehicles/\(House.vin)").status == 404)
    }

    @Test func `fractions, exponents and duplicates are refused by name`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        for (number, code) in [
            ("1.0", "not_an_integer"), ("1e3", "not_an_integer"), ("9007199254740993", "integer_out_of_range"),
        ] {
            let body = """
                {"kind":"odometer.read","occurred_at":"2026-01-01T00:00:00Z","ref":"r","data":{"odometer_km":\(number)}}
                """
            let answer = House.Answer(
                try await house.client.send(
                    "POST",
                    "/v1/vehicles/\(House.vin)/events",
                    headers: [("Authorization", "Bearer \(workshop.key)"), ("Content-Type", "application/json")],
                    body: Array(body.utf8)
                )
            )
            #expect(answer.status == 400, "\(number)")
            #expect(answer.code == "malformed_json")
            let fault = answer.json["errors"]?.arrayValue?.first
            #expect(fault?["pointer"] == "/data/odometer_km")
            #expect(fault?["code"] == JSON(code))
        }
    }

    @Test func `an event that has not happened yet is refused`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        let soon = house.clock.now().adding(seconds: 299).rfc3339
        let later = house.clock.now().adding(seconds: 301).rfc3339
        let data: JSON = ["odometer_km": 1]
        #expect(try await house.append("odometer.read", data, ref: "a", at: soon, as: workshop.key).status == 201)
        let refused = try await house.append("odometer.read", data, ref: "b", at: later, as: workshop.key)
        #expect(refused.status == 422)
        #expect(refused.json["errors"]?.arrayValue?.first?["code"] == "in_the_future")
    }

    @Test func `a wrong VIN is refused where its check digit is mandatory and warned of where it is not`() async throws
    {
        let house = try await House.open()
        let workshop = try await house.workshop()
        let refused = try await house.reading(1, ref: "a", vin: "LFV2A21K0G4012345", as: workshop.key)
        #expect(refused.status == 422)
        #expect(refused.json["errors"]?.arrayValue?.first?["code"] == "check_digit")
        let warned = try await house.reading(1, ref: "b", vin: "WP0ZZZ99ZTS392124", as: workshop.key)
        #expect(warned.status == 201)
        #expect(warned.json["warnings"]?.arrayValue?.first?["code"] == "check_digit")
    }

    @Test func `an insurer may not write transfers, and the refusal says who may`() async throws {
        let house = try await House.open()
        let insurer = try await house.insurer()
        let answer = try await house.append("ownership.transferred", [:], ref: "t", as: insurer.key)
        #expect(answer.status == 403)
        #expect(answer.code == "kind_not_reportable")
        #expect(answer.json["detail"]?.stringValue?.contains("authority") == true)
    }

    @Test func `an idempotency key gives the first answer again and refuses another body`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        func send(_ km: Int) async throws -> House.Answer {
            try await house.append(
                "odometer.read",
                ["odometer_km": JSON(km)],
                ref: "r",
                as: workshop.key,
                headers: [("Idempotency-Key", "k1")]
            )
        }
        let first = try await send(1)
        let again = try await send(1)
        #expect(first.status == 201)
        #expect(again.status == 201)
        #expect(again.http.body == first.http.body)
        #expect(again.http.header("Idempotency-Replayed") == "true")
        let other = try await send(2)
        #expect(other.status == 422)
        #expect(other.code == "idempotency_key_reused")
    }

    @Test func `a source that demands signatures is held to them`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        let key = try Ed25519.PrivateKey.generate()
        let registered = try await house.post(
            "/v1/organizations/\(workshop.id)/signing-keys",
            ["name": "门店", "public_key": JSON(Base64.encode(key.publicKey.bytes))],
            as: house.administrator
        )
        let keyID = try #require(registered.json["id"]?.stringValue, "\(registered.json)")
        let organization = try await house.get("/v1/organizations/\(workshop.id)", as: house.administrator)
        let demanded = try await house.send(
            "PATCH",
            "/v1/organizations/\(workshop.id)",
            ["signatures_required": true],
            as: house.administrator,
            headers: [("If-Match", try #require(organization.http.header("ETag")))]
        )
        #expect(demanded.status == 200, "\(demanded.json)")

        let unsigned = try await house.reading(1, ref: "a", as: workshop.key)
        #expect(unsigned.code == "signature_required")
        func append(_ ref: String, signing km: Int) async throws -> House.Answer {
            let statement: JSON = [
                "data": ["odometer_km": JSON(km)], "kind": "odometer.read", "log": JSON(House.origin),
                "occurred_at": "2026-03-01T08:00:00.000Z", "ref": JSON(ref), "source": JSON(workshop.id),
                "vin": JSON(House.vin),
            ]
            return try await house.append(
                "odometer.read",
                ["odometer_km": 1],
                ref: ref,
                as: workshop.key,
                more: [
                    .init("key", JSON(keyID)),
                    .init("sig", JSON(Base64.encode(try key.sign(statement.canonicalBytes)))),
                ]
            )
        }
        #expect(try await append("b", signing: 2).code == "signature_invalid")
        let signed = try await append("c", signing: 1)
        #expect(signed.status == 201, "\(signed.json)")
        let hashes = try await house.lines().map { SHA256.hash($0).hex }
        let verdict = try await house.verify(hashes)
        #expect(verdict.json["verdict"] == "genuine")
    }

    @Test func `a correction is shown as what holds, and never hides what was said before`() async throws {
        let house = try await House.open()
        let (workshop, insurer) = (try await house.workshop(), try await house.insurer())
        let wrong = try await house.reading(900_000, ref: "wrong", as: workshop.key)
        let hash = try #require(wrong.json["hash"]?.stringValue)
        let correction: JSON = ["reason": "多录一位", "data": ["odometer_km": 90_000]]
        let corrects: [JSON.Member] = [.init("corrects", JSON(hash))]
        let foreign = try await house.append("entry.corrected", correction, ref: "x", as: insurer.key, more: corrects)
        #expect(foreign.code == "not_your_entry")
        let broken = try await house.append(
            "entry.corrected",
            ["reason": "多录一位", "data": ["odometer_km": "90000"]],
            ref: "y",
            as: workshop.key,
            more: corrects
        )
        #expect(broken.status == 422)
        #expect(broken.json["errors"]?.arrayValue?.first?["pointer"] == "/data/data/odometer_km")
        for (time, code) in [("2999-01-01T00:00:00Z", "in_the_future"), ("1949-12-31T00:00:00Z", "too_early")] {
            let moved: JSON = ["reason": "日期有误", "data": ["odometer_km": 90_000], "occurred_at": JSON(time)]
            let refused = try await house.append("entry.corrected", moved, ref: "t", as: workshop.key, more: corrects)
            #expect(refused.json["errors"]?.arrayValue?.first?["code"]?.stringValue == code, "\(refused.json)")
            #expect(refused.json["errors"]?.arrayValue?.first?["pointer"] == "/data/occurred_at")
        }
        let done = try await house.append("entry.corrected", correction, ref: "c", as: workshop.key, more: corrects)
        #expect(done.status == 201, "\(done.json)")

        let report = try await house.get("/v1/vehicles/\(House.vin)/report").json
        let readings = report["odometer"]?["readings"]?.arrayValue?.compactMap { $0["odometer_km"]?.integerValue }
        #expect(readings == [90_000])
        let text = String(decoding: report.bytes, as: UTF8.self)
        #expect(text.contains("900,000"))
        #expect(text.contains("多录一位"))
    }

    @Test func `a retracted entry no longer counts and cannot be retracted twice`() async throws {
        let house = try await House.open()
        let insurer = try await house.insurer()
        let claim = try await house.append("insurance.total_loss", ["peril": "flood"], ref: "t", as: insurer.key)
        let hash = try #require(claim.json["hash"]?.stringValue)
        func state(of code: String) async throws -> JSON? {
            let findings = try await house.get("/v1/vehicles/\(House.vin)").json["findings"]?.arrayValue
            return findings?.first { $0["code"] == JSON(code) }?["state"]
        }
        #expect(try await state(of: "total_loss") == "yes")
        func retract(_ ref: String) async throws -> House.Answer {
            try await house.append(
                "entry.retracted",
                ["reason": "车牌录错，是另一辆车"],
                ref: ref,
                as: insurer.key,
                more: [.init("corrects", JSON(hash))]
            )
        }
        #expect(try await retract("r1").status == 201)
        #expect(try await retract("r2").code == "already_retracted")
        #expect(try await state(of: "total_loss") == "not_known")
        #expect(try await state(of: "corrected_entries") == "yes")
    }

    @Test func `an erased payload is gone and the chain still verifies`() async throws {
        let house = try await House.open()
        let (workshop, insurer) = (try await house.workshop(), try await house.insurer())
        let note = "车主电话留言记录"
        let entry = try await house.append("maintenance.done", ["description": JSON(note)], ref: "m", as: workshop.key)
        let hash = try #require(entry.json["hash"]?.stringValue)
        let request: JSON = ["entry": JSON(hash), "ground": "consent_withdrawn", "ref": "erasure-1"]
        let path = "/v1/vehicles/\(House.vin)/erasures"
        #expect(try await house.post(path, request, as: insurer.key).status == 403)
        #expect(try await house.post(path, request).status == 401)
        let erased = try await house.post(path, request, as: house.administrator)
        #expect(erased.status == 201, "\(erased.json)")
        #expect(try await house.post(path, request, as: house.administrator).code == "invalid_request")
        let again: JSON = ["entry": JSON(hash), "ground": "consent_withdrawn", "ref": "erasure-2"]
        #expect(try await house.post(path, again, as: house.administrator).code == "already_erased")
        let record: JSON = [
            "entry": erased.json["hash"] ?? .null, "ground": "consent_withdrawn", "ref": "erasure-3",
        ]
        let refused = try await house.post(path, record, as: house.administrator)
        #expect(refused.json["errors"]?.arrayValue?.first?["code"] == "not_erasable")
        #expect(try await house.get("/v1/entries/\(hash)").json["payload"] == .null)
        let history = try await house.get("/v1/vehicles/\(House.vin)/history")
        #expect(!history.http.text.contains(note))
        let verdict = try await house.verify(try await house.lines().map { SHA256.hash($0).hex })
        #expect(verdict.json["verdict"] == "genuine")
        #expect(verdict.json["sealed"]?.arrayValue?.first?["hash"] == JSON(hash))
    }
}
