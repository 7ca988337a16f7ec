# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
# Draws data, a cluster of bars a line, into svg.
set terminal svg size 860,380 font "sans-serif,13" background "#ffffff"
set output svg
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.9 noborder
set key outside top center horizontal samplen 1 width 1
set ylabel "multiples of wc -l"
set grid y lc rgb "#dddddd"
set border 3 lc rgb "#888888"
set xtics nomirror scale 0 textcolor rgb "#222222"
set ytics nomirror textcolor rgb "#222222"
set yrange [0:*]
set linetype 1 lc rgb "#4477aa"
set linetype 2 lc rgb "#66ccee"
set linetype 3 lc rgb "#228833"
set linetype 4 lc rgb "#ccbb44"
set linetype 5 lc rgb "#aa3377"
set linetype 6 lc rgb "#444444"
plot for [i=2:7] data using i:xtic(1) title columnheader(i)
