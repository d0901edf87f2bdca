//! Pictures of success against cost, as SVG that stands in the page.

use plotters::{
    backend::SVGBackend,
    chart::{ChartBuilder, SeriesLabelPosition},
    coord::combinators::IntoLogRange,
    drawing::{DrawingAreaErrorKind, IntoDrawingArea},
    element::PathElement,
    series::LineSeries,
    style::{BLACK, Color, RGBColor, WHITE},
};

/// Told apart by people who see few colours, too, and in print (Okabe and Ito).
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(0, 0, 0),
];

const SIZE: (u32, u32) = (620, 340);

/// A run's line.
pub(super) struct Line<'a> {
    pub(super) name: &'a str,
    /// Costs and the part solved within them.
    pub(super) points: Vec<(f64, f64)>,
}

/// Why a picture could not be drawn.
pub(super) type PlotError = DrawingAreaErrorKind<std::io::Error>;

/// Steps from one point to the next over a logarithmic scale of costs.
pub(super) fn steps(cost: &str, lines: &[Line<'_>]) -> Result<String, PlotError> {
    let costs = || lines.iter().flat_map(|line| &line.points).map(|point| point.0).filter(|cost| *cost > 0.0);
    let (least, most) = (costs().fold(f64::INFINITY, f64::min), costs().fold(0.0, f64::max));
    if least > most {
        return Ok(String::new());
    }
    // A single cost still needs a range.
    let (from, to) = (least / 1.3, most * 1.3);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .margin(10)
            .x_label_area_size(42)
            .y_label_area_size(58)
            .build_cartesian_2d((from..to).log_scale(), 0.0..1.0)?;
        chart
            .configure_mesh()
            .light_line_style(WHITE)
            .bold_line_style(BLACK.mix(0.12))
            .label_style(("sans-serif", 13))
            .x_desc(cost)
            .y_desc("problems solved")
            .y_labels(6)
            .y_label_formatter(&|part| format!("{:.0} %", part * 100.0))
            .x_label_formatter(&|cost| short(*cost))
            .draw()?;
        for (line, colour) in lines.iter().zip(COLOURS.iter().cycle()) {
            let mut corners = vec![(from, 0.0)];
            for &(cost, part) in &line.points {
                let cost = cost.max(from);
                let before = corners.last().map_or(0.0, |corner| corner.1);
                corners.extend([(cost, before), (cost, part)]);
            }
            corners.push((to, corners.last().map_or(0.0, |corner| corner.1)));
            let style = colour.stroke_width(2);
            chart
                .draw_series(LineSeries::new(corners, style))?
                .label(line.name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
        }
        if lines.len() > 1 {
            chart
                .configure_series_labels()
                .position(SeriesLabelPosition::UpperLeft)
                .background_style(WHITE.mix(0.85))
                .border_style(BLACK.mix(0.3))
                .label_font(("sans-serif", 13))
                .draw()?;
        }
        area.present()?;
    }
    Ok(svg)
}

/// A cost in few digits.
fn short(cost: f64) -> String {
    match cost {
        c if c >= 1e6 => format!("{:.0} M", c / 1e6),
        c if c >= 1e4 => format!("{:.0} k", c / 1e3),
        c if c >= 1.0 => format!("{c:.0}"),
        c => format!("{c:.2}"),
    }
}
