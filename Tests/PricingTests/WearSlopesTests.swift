import Testing

@testable import Pricing

@Suite struct WearSlopesTests {
    @Test func `what the gentlest year loses all of the series lose`() {
        let slopes = WearSlopes(series: [-0.5, -0.25], years: [0.125, -0.25, 0], seriesOfYear: [0, 0, 1])
        #expect(slopes.series == [-0.375, -0.25])
        #expect(slopes.years == [0, -0.375, 0])
    }

    @Test func `together they are what was fitted`() {
        let falls = [-0.5, -0.25]
        let years = [0.125, -0.25, 0, 0.0625]
        let seriesOfYear = [0, 0, 1, 1]
        let slopes = WearSlopes(series: falls, years: years, seriesOfYear: seriesOfYear)
        for year in years.indices {
            let series = seriesOfYear[year]
            #expect(slopes.series[series] + slopes.years[year] == falls[series] + years[year])
        }
    }

    @Test func `nothing gains, whatever was fitted`() {
        let slopes = WearSlopes(series: [-0.25, 0.5], years: [0.5, -0.125, 0.25], seriesOfYear: [0, 0, 1])
        #expect(slopes.series == [0, 0])
        #expect(slopes.years == [0, -0.375, 0])
    }

    @Test func `without years the series alone fall`() {
        let slopes = WearSlopes(series: [-0.25, 0.5], years: [], seriesOfYear: [0, 1])
        #expect(slopes.series == [-0.25, 0])
        #expect(slopes.years.isEmpty)
    }
}
