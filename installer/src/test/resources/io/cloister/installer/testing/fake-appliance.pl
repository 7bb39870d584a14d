#!/usr/bin/perl
# The program of a release that serves no model but behaves like one that does: `setup` makes its
# data, `hand-over` gives it away, `train` records a start, and `serve` reads its deployment and the
# models' folders, refuses a model whose model.yaml says `refuse`, keeps the old generation then, and
# answers the operator's socket. A file in the release's folder says how it misbehaves. In Perl, which
# every Debian has, for it starts in no time.
use strict;
use warnings;
use Socket;

my ($command, %option) = @ARGV;
my $home = $0 =~ s{/bin/[^/]*$}{}r;
my $root = $option{'--root'} // '';
my $release = $option{'--release'} // '';
my $data = "$root/var/lib/cloister/appliance/db";
my %settings = ();
my %tokens = (first => 'ADMIN');
my $package = '2 at once on 1 thread each, 16 rows together, every optimizer';
my $better = '2 at once on 1 thread each, 16 rows together, without LayerNormFusionL1';

sub slurp { open my $in, '<', $_[0] or die "error: $_[0]: $!\n"; local $/; return scalar <$in> }
sub spew { open my $out, '>', $_[0] or die "error: $_[0]: $!\n"; print $out $_[1] }
sub folders { my $at = ''; for (split m{/}, $_[0]) { $at .= "$_/"; mkdir $at } }
sub has { return -e "$home/$_[0]" }
sub fail { print STDERR "error: no such luck\n"; exit 3 }
sub own { my $own = "$data/$release/data"; return -e $own ? slurp($own) : '' }

sub hand_over {
    folders("$data/$_[0]");
    spew("$data/$_[0]/handed-over.sql", own());
    spew("$data/$_[0]/from", "$release\n");
}

if ($command eq 'setup') {
    fail() if has('setup-fails');
    print "a library greets\n" if has('babbles');
    if (has('mumbles')) { print "so clst_first it is\n"; exit 0 }
    folders($data);
    my $kept = -d "$data/kept" && !-d "$data/$release";
    rename "$data/kept", "$data/$release" if $kept;
    folders("$data/$release");
    my $tls = "$root/var/lib/cloister/appliance/tls";
    folders($tls);
    -e "$tls/$_" or spew("$tls/$_", "pem\n") for 'cert.pem', 'key.pem';
    my $token = $kept ? 'null' : '"clst_first"';
    print qq({"certificate_sha256":"AA:BB","token":$token}\n);
} elsif ($command eq 'hand-over') {
    fail() if has('keeps-its-data');
    hand_over($option{'--to'});
} elsif ($command eq 'train') {
    if (has('trains-long')) { spew('training.pid', "$$\n"); exec 'cat' }
    folders("$home/aot");
    spew("$home/aot/x.aot", "archive\n");
} elsif ($command eq 'serve') {
    fail() if has('serve-fails');
    serve();
}

my ($deployment, $failed);
sub models { return $_[0] =~ m{"folder" ?: ?"models/([^/]+)/([^"]+)"}g }
sub generation { return $deployment =~ /"generation" ?: ?(\d+)/ ? $1 : 0 }

# What was handed over becomes this release's own, unless it is `poison`.
sub take_over {
    my $handed = "$data/$release/handed-over.sql";
    die "error: the data cannot be read\n" if -e $handed && slurp($handed) =~ /poison/;
    rename $handed, "$data/$release/data" if -e $handed;
}

# Takes over what it is told; what it refuses, and why, or nothing.
sub load {
    take_over();
    my $told = slurp("$root/var/lib/cloister/store/deployments/$release.json");
    my @models = models($told);
    while (my ($name, $version) = splice @models, 0, 2) {
        my $model = "$root/var/lib/cloister/store/models/$name/$version";
        return qq("version":"$version","reason":"golden row 0 differs"), $name
            if !-e "$model/manifest.json" || slurp("$model/model.yaml") =~ /refuse/;
    }
    $deployment = $told;
    return;
}

sub apply {
    my ($refused, $name) = load();
    my $error = $refused ? qq(,"error":{"model":"$name",$refused}) : '';
    return sprintf '{"applied":%s,"generation":%s%s}', $refused ? 'false' : 'true', generation(), $error;
}

sub status {
    my (@found, @models) = ();
    @models = models($deployment);
    while (my ($name, $version) = splice @models, 0, 2) {
        push @found, qq({"name":"$name","version":"$version","state":"ready","reason":null,"active":true,)
            . sprintf '"settings":{"words":"%s","tuned_at":%s,"gain":%s,"unused":%s}}', $settings{"$name $version"} // $package,
                $settings{"$name $version"} ? ('"2026-11-28T18:00:00Z"', '{"cpu_ratio":0.694,"rate_ratio":1.486,"alone_ratio":0.7}') : ('null', 'null'),
                has('other-engine') ? '"the engine is another one"' : 'null';
    }
    push @found, $failed if $failed;
    return sprintf '{"ready":%s,"release":"%s","generation":%s,"models":[%s],"listeners":{},"certificate_sha256":"AA:BB"}',
        $failed || has('never-ready') ? 'false' : 'true', $release, generation(), join(',', @found);
}

sub reload {
    open my $notes, '>>', "$root/var/lib/cloister/appliance/reloaded" or die "error: $!\n";
    print $notes "$_[0]\n";
    return sprintf '{"applied":true,"generation":%s}', generation();
}

# Finds the one thing that is better, in no time; a file says what stands against that.
sub tune {
    my ($name, $keep) = @_;
    return qq({"refused":"unknown_model","reason":"no model $name is routed"}) if $deployment !~ m{"models/$name/([^/"]+)"};
    my $version = $1;
    return qq({"refused":"$1","reason":"so it is"}) if join(' ', glob "$home/tune-*") =~ m{tune-(\w+)};
    $settings{"$name $version"} = $better if $keep;
    my $before = '{"cpu_us":2716.4,"per_second":540.2,"alone_ms":3.14}';
    my $after = '{"cpu_us":1885.1,"per_second":802.9,"alone_ms":2.2}';
    my $figures = qq({"cpu_ratio":0.694,"rate_ratio":1.486,"alone_ratio":0.7,"before":$before,"after":$after});
    my $tried = qq({"words":"without LayerNormFusionL1","outcome":"better","reason":null,"figures":$figures},)
        . '{"words":"8 rows together","outcome":"refused","reason":"1 of 3 golden rows failed","figures":null},'
        . '{"words":"16 rows together","outcome":"given_up","reason":"the time was over, after 9 s of it","figures":null},'
        . '{"words":"32 rows together","outcome":"no_time","reason":null,"figures":null}';
    my $words = $keep ? $better : $package;
    return qq({"progress":"candidate 1 of 4: without LayerNormFusionL1"}\n{"progress":"candidate 2 of 4: 8 rows together"}\n)
        . sprintf '{"model":"%s","version":"1.0.0","changed":%s,"words":"%s","evidence":{"gain":%s,"tried":[%s]}}',
            $name, $keep ? 'true' : 'false', $words, $figures, $tried;
}

sub untune {
    my ($name) = @_;
    my ($version) = $deployment =~ m{"models/$name/([^/"]+)"};
    my $changed = delete $settings{"$name $version"} ? 'true' : 'false';
    return qq({"model":"$name","version":"1.0.0","changed":$changed,"words":"$package","evidence":null});
}

# Forgets them when it ends; a file says what stands against a change.
sub token {
    my ($do, $name, $role) = @_;
    my $made = '"made_at":"2026-11-28T18:00:00.123Z"';
    return sprintf '{"used_since":"2026-11-29T06:00:00.456Z","tokens":[%s]}', join ',',
        map { qq({"name":"$_","role":"$tokens{$_}",$made,"used_at":) . ($_ eq 'first' ? '"2026-11-29T07:00:00.789Z"}' : 'null}') } sort keys %tokens
        if $do eq 'list';
    return '' if has('token-silence');
    return qq({"refused":"$1","reason":"so it is"}) if join(' ', glob "$home/token-*") =~ m{token-(\w+)};
    if ($do eq 'create') {
        return qq({"refused":"exists","reason":"there is a token $name already"}) if $tokens{$name};
        $tokens{$name} = $role;
        return qq({"name":"$name","role":"$role","token":"clst_of-$name"});
    }
    $role = delete $tokens{$name} or return qq({"refused":"unknown","reason":"no token has the name '$name'"});
    return sprintf '{"name":"%s","role":"%s","sessions_ended":2,"administrators":%d}', $name, $role, scalar grep { $_ eq 'ADMIN' } values %tokens;
}

sub answer {
    my ($request) = @_;
    return token("$1", $request =~ /"name" ?: ?"([^"]*)"/, $request =~ /"role" ?: ?"(\w+)"/) if $request =~ /"do" ?: ?"token_(\w+)"/;
    my ($model) = $request =~ /"model" ?: ?"([^"]+)"/;
    return tune($model, $request =~ /"keep" ?: ?true/) if $request =~ /"do" ?: ?"tune"/;
    return untune($model) if $request =~ /"do" ?: ?"untune"/;
    if ($request =~ /"to" ?: ?"([^"]+)"/) { hand_over($1); return '{"handed_over":true}' }
    return '{"error":"not now"}' if $request =~ /"do" ?: ?"resume"/ && has('never-resumes');
    return reload("$1") if $request =~ /"model" ?: ?"([^"]+)"/;
    return $request =~ /apply/ ? apply() : status();
}

sub serve {
    $SIG{PIPE} = $SIG{HUP} = 'IGNORE';
    $deployment = '';
    my ($refused, $name) = load();
    $failed = $refused ? qq({"name":"$name",$refused,"state":"failed"}) : '';
    socket(my $server, PF_UNIX, SOCK_STREAM, 0) or die "error: socket: $!\n";
    bind($server, sockaddr_un("$root/run/cloister/$release.sock")) or die "error: bind: $!\n";
    listen($server, 16) or die "error: listen: $!\n";
    $| = 1;
    print qq({"level":"info","message":"listening"}\n);
    while (accept(my $client, $server)) {
        sysread($client, my $request, 4096);
        syswrite($client, answer($request // '') . "\n");
        close $client;
    }
}
