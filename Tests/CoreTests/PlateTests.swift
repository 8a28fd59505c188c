import Core
import Testing

@Suite struct PlateTests {
    @Test(
        arguments: rows(
            """
            # typed      kept       kind         energy
            京A12345     京A12345   blue_yellow  -
            川A·8F3K6    川A8F3K6   blue_yellow  -
            粤b·d12345   粤BD12345  nev_small    pure_electric
            粤BD12345    粤BD12345  nev_small    pure_electric
            粤BE12345    粤BE12345  nev_small    pure_electric
            沪AFA0123    沪AFA0123  nev_small    non_pure_electric
            沪AK10123    沪AK10123  nev_small    non_pure_electric
            粤B12345D    粤B12345D  nev_large    pure_electric
            粤B12345F    粤B12345F  nev_large    non_pure_electric
            浙A0023领    浙A0023领  consulate    -
            使014578     使014578   embassy      -
            粤ZA123港    粤ZA123港  hk_macao     -
            粤Z1B23澳    粤Z1B23澳  hk_macao     -
            京A1234学    京A1234学  trainer      -
            苏E1234挂    苏E1234挂  trailer      -
            京A1234警    京A1234警  police       -
            京O1234警    京O1234警  police       -
            京A1234临    京A1234临  temporary    -
            京A12345临   京A12345临  temporary   -
            京A123456临  京A123456临  temporary  -
            """
        )
    )
    func `a plate keeps its characters, kind and energy`(row: [String]) throws {
        let plate = try Plate(parsing: row[0])
        #expect(plate.text == row[1])
        #expect(plate.kind.rawValue == row[2])
        #expect(plate.energy?.rawValue ?? "-" == row[3])
    }

    @Test(
        arguments: rows(
            """
            沪AF0A123    plate_format   # a letter among the last four
            京A1234      plate_format
            京A123456    plate_format
            粤BD1234A    plate_format
            粤B1234D5    plate_format
            京AABCDE     plate_format   # letters only
            沪AL12345    plate_format   # L is no energy letter
            12345AB      plate_format
            粤A1234港    plate_format   # Hong Kong plates are under Z
            使01457      plate_format
            京京12345    plate_format
            京I12345     charset
            京AI2345     charset
            京AO2345     charset
            粤BDI2345    charset
            港A12345     plate_format
            京A-12345    charset
            京Ａ12345    charset        # a full-width A
            京A1234🚗    charset
            """
        )
    )
    func `what is no plate is refused`(row: [String]) {
        #expect(refusal(of: Plate.self, row[0]) == row[1])
    }

    @Test func `dots and blanks of every kind are left out`() throws {
        for filler in ["\u{B7}", "\u{2022}", "\u{30FB}", " ", "\u{A0}", "\u{3000}", " \u{B7} "] {
            #expect(try Plate(parsing: " 京A\(filler)12345 ").text == "京A12345")
        }
    }

    @Test func `an empty text is no plate`() {
        #expect(refusal(of: Plate.self, " · ") == "plate_format")
    }

    @Test func `the letters I and O are explained`() {
        do {
            _ = try Plate(parsing: "京AO2345")
            Issue.record("the letter O was accepted")
        } catch {
            #expect(error.detail.zh.contains("数字 1 和 0"))
        }
    }
}
